"""Every call of the HTTP contract as a method, for both clients."""

from __future__ import annotations

from recognition.client.calls import Call, Pages, Polls
from recognition.client.operations import (
    bundles,
    categories,
    evaluations,
    galleries,
    jobs,
    queries,
    recognition,
    references,
)


class Contract:
    """A ``gallery`` is named by its slug, a ``category`` by its slug or external id."""

    list_galleries = Pages(galleries.list_galleries)
    create_gallery = Call(galleries.create_gallery)
    get_gallery = Call(galleries.get_gallery)
    update_gallery = Call(galleries.update_gallery)
    delete_gallery = Call(galleries.delete_gallery)

    list_categories = Pages(categories.list_categories)
    create_category = Call(categories.create_category)
    get_category = Call(categories.get_category)
    update_category = Call(categories.update_category)
    delete_category = Call(categories.delete_category)

    enrol = Call(references.enrol)
    list_references = Pages(references.list_references)
    get_reference = Call(references.get_reference)
    approve_reference = Call(references.approve_reference)
    reject_reference = Call(references.reject_reference)
    delete_reference = Call(references.delete_reference)

    identify = Call(recognition.identify)
    verify = Call(recognition.verify)
    search = Call(recognition.search)
    classify = Call(recognition.classify)
    embed = Call(recognition.embed)

    list_queries = Pages(queries.list_queries)
    get_query = Call(queries.get_query)
    give_feedback = Call(queries.give_feedback)

    start_import = Call(jobs.start_import)
    get_job = Call(jobs.get_job)
    wait_for_job = Polls(jobs.wait_for_job)

    start_evaluation = Call(evaluations.start_evaluation)
    list_evaluations = Pages(evaluations.list_evaluations)
    get_evaluation = Call(evaluations.get_evaluation)
    wait_for_evaluation = Polls(evaluations.wait_for_evaluation)

    export_gallery = Call(bundles.export_gallery)
    import_gallery = Call(bundles.import_gallery)
