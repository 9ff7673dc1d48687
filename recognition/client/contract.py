"""Every call of the HTTP contract as a method, for both clients."""

from __future__ import annotations

from recognition.client.calls import Call, Pages, Polls
from recognition.client.operations import (
    bundles,
    categories,
    encoder_changes,
    evaluations,
    galleries,
    jobs,
    negatives,
    queries,
    recognition,
    references,
    webhooks,
)


class Contract:
    """A ``gallery`` is named by its slug, a ``category`` by its slug or external id."""

    list_galleries = Pages(galleries.list_galleries)
    create_gallery = Call(galleries.create_gallery)
    get_gallery = Call(galleries.get_gallery)
    update_gallery = Call(galleries.update_gallery)
    delete_gallery = Call(galleries.delete_gallery)
    get_quotas = Call(galleries.get_quotas)
    list_audit = Pages(galleries.list_audit)

    list_categories = Pages(categories.list_categories)
    create_category = Call(categories.create_category)
    get_category = Call(categories.get_category)
    update_category = Call(categories.update_category)
    keep_category_apart = Call(categories.keep_category_apart)
    merge_categories = Call(categories.merge_categories)
    delete_category = Call(categories.delete_category)

    enrol = Call(references.enrol)
    list_references = Pages(references.list_references)
    get_reference = Call(references.get_reference)
    approve_reference = Call(references.approve_reference)
    reject_reference = Call(references.reject_reference)
    delete_reference = Call(references.delete_reference)

    add_negatives = Call(negatives.add_negatives)
    list_negatives = Pages(negatives.list_negatives)
    delete_negative = Call(negatives.delete_negative)
    delete_negatives = Call(negatives.delete_negatives)

    identify = Call(recognition.identify)
    verify = Call(recognition.verify)
    search = Call(recognition.search)
    classify = Call(recognition.classify)
    embed = Call(recognition.embed)

    list_queries = Pages(queries.list_queries)
    get_query = Call(queries.get_query)
    give_feedback = Call(queries.give_feedback)

    start_import = Call(jobs.start_import)
    list_jobs = Pages(jobs.list_jobs)
    get_job = Call(jobs.get_job)
    list_job_rows = Pages(jobs.list_job_rows)
    cancel_job = Call(jobs.cancel_job)
    confirm_job = Call(jobs.confirm_job)
    undo_job = Call(jobs.undo_job)
    wait_for_job = Polls(jobs.wait_for_job)

    start_evaluation = Call(evaluations.start_evaluation)
    list_evaluations = Pages(evaluations.list_evaluations)
    get_evaluation = Call(evaluations.get_evaluation)
    wait_for_evaluation = Polls(evaluations.wait_for_evaluation)

    export_gallery = Call(bundles.export_gallery)
    import_gallery = Call(bundles.import_gallery)

    start_encoder_change = Call(encoder_changes.start_encoder_change)
    list_encoder_changes = Pages(encoder_changes.list_encoder_changes)
    get_encoder_change = Call(encoder_changes.get_encoder_change)
    wait_for_encoder_change = Polls(encoder_changes.wait_for_encoder_change)
    switch_encoder = Call(encoder_changes.switch_encoder)
    roll_back_encoder = Call(encoder_changes.roll_back_encoder)
    finish_encoder_change = Call(encoder_changes.finish_encoder_change)
    cancel_encoder_change = Call(encoder_changes.cancel_encoder_change)

    list_webhooks = Pages(webhooks.list_webhooks)
    create_webhook = Call(webhooks.create_webhook)
    get_webhook = Call(webhooks.get_webhook)
    update_webhook = Call(webhooks.update_webhook)
    delete_webhook = Call(webhooks.delete_webhook)
    test_webhook = Call(webhooks.test_webhook)
    list_deliveries = Pages(webhooks.list_deliveries)
