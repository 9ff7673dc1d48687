"""Subjects, their examples, recognition and verification, each one call of a service."""

from __future__ import annotations

from math import ceil
from typing import Any

from django.db import transaction
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from recognition.api.compreface.access import CompreFaceView, Enrolling
from recognition.api.compreface.answers import example_answer, recognised_answer, verified_answer
from recognition.api.fields import ImageBytes, image_input
from recognition.api.inputs import Items, Text
from recognition.api.parsing import PlainJSONParser
from recognition.core.errors import CategoryNotFound
from recognition.core.regions import Regions
from recognition.models import Category, Gallery
from recognition.selectors.categories import categories_of, get_reference, references_of
from recognition.selectors.category_names import category_named
from recognition.services.categories.create_category import create_category
from recognition.services.categories.update_category import update_category
from recognition.services.curation.merge_categories import merge_categories
from recognition.services.recognition.identify import DEFAULT_TOP_K, MAX_TOP_K, identify
from recognition.services.recognition.verify import verify
from recognition.services.references.enrol import enrol
from recognition.services.removal import remove_category, remove_reference, remove_references

MAX_PAGE = 1000
MAX_IDS = 1000


class Subject(serializers.Serializer[Any]):
    subject = Text(max_length=200)


class Photo(serializers.Serializer[Any]):
    file = ImageBytes()


class HowToLook(serializers.Serializer[Any]):
    """What stands in the address of a call that looks at faces."""

    limit = serializers.IntegerField(min_value=0, default=0)
    prediction_count = serializers.IntegerField(min_value=0, max_value=MAX_TOP_K, default=1)
    det_prob_threshold = serializers.FloatField(min_value=0, max_value=1, default=0.0)
    face_plugins = serializers.CharField(max_length=200, default="", allow_blank=True)

    @classmethod
    def of(cls, request: Request) -> dict[str, Any]:
        given = cls(data=request.query_params.dict())
        given.is_valid(raise_exception=True)
        values = given.validated_data
        return {
            "limit": values["limit"],
            "least": values["det_prob_threshold"],
            "landmarks": "landmarks" in values["face_plugins"].split(","),
        }

    @classmethod
    def predictions(cls, request: Request) -> int:
        given = cls(data=request.query_params.dict())
        given.is_valid(raise_exception=True)
        return given.validated_data["prediction_count"] or DEFAULT_TOP_K


class Page(serializers.Serializer[Any]):
    page = serializers.IntegerField(min_value=0, default=0)
    size = serializers.IntegerField(min_value=1, max_value=MAX_PAGE, default=20)
    subject = serializers.CharField(max_length=200, required=False)


class Subjects(Enrolling):
    parser_classes = (PlainJSONParser,)

    def get(self, request: Request) -> Response:
        names = categories_of(self.gallery).values_list("name", flat=True)
        return Response({"subjects": list(names)})

    def post(self, request: Request) -> Response:
        given = Subject(data=request.data)
        given.is_valid(raise_exception=True)
        made = create_category(gallery=self.gallery, name=given.validated_data["subject"])
        return Response({"subject": made.name}, status=status.HTTP_201_CREATED)

    @transaction.atomic
    def delete(self, request: Request) -> Response:
        subjects = list(categories_of(self.gallery))
        for each in subjects:
            remove_category(gallery=self.gallery, category=each)
        return Response({"deleted": len(subjects)})


class OneSubject(Enrolling):
    parser_classes = (PlainJSONParser,)

    def put(self, request: Request, subject: str) -> Response:
        """Rename; a name that is there already takes this one's examples, as in CompreFace."""
        given = Subject(data=request.data)
        given.is_valid(raise_exception=True)
        name = given.validated_data["subject"]
        category, other = _subject(self.gallery, subject), category_named(self.gallery, name)
        if other is not None and other != category:
            merge_categories(gallery=self.gallery, categories=[category], into=other)
        else:
            update_category(gallery=self.gallery, category=category, name=name)
        return Response({"updated": True})

    def delete(self, request: Request, subject: str) -> Response:
        category = _subject(self.gallery, subject)
        remove_category(gallery=self.gallery, category=category)
        return Response({"subject": category.name})


class Examples(Enrolling):
    def get(self, request: Request) -> Response:
        given = Page(data=request.query_params.dict())
        given.is_valid(raise_exception=True)
        page, size = given.validated_data["page"], given.validated_data["size"]
        found = references_of(self.gallery).order_by("id")
        if name := given.validated_data.get("subject"):
            found = found.filter(category=_subject(self.gallery, name))
        total = found.count()
        return Response(
            {
                "faces": [example_answer(each) for each in found[page * size : (page + 1) * size]],
                "page_number": page,
                "page_size": size,
                "total_pages": ceil(total / size),
                "total_elements": total,
            }
        )

    def post(self, request: Request) -> Response:
        photo, named = Photo(data=image_input(request)), Subject(data=request.query_params.dict())
        named.is_valid(raise_exception=True)
        photo.is_valid(raise_exception=True)
        enrolment = enrol(
            gallery=self.gallery,
            category=named.validated_data["subject"],
            create=True,
            data=photo.validated_data["file"],
            user=self.user,
        )
        return Response(example_answer(enrolment.reference), status=status.HTTP_201_CREATED)

    def delete(self, request: Request) -> Response:
        found = references_of(self.gallery)
        if name := request.query_params.get("subject"):
            found = found.filter(category=_subject(self.gallery, name))
        return Response({"deleted": remove_references(gallery=self.gallery, references=found)})


class OneExample(Enrolling):
    def delete(self, request: Request, image: str) -> Response:
        reference = get_reference(self.gallery, image)
        told = example_answer(reference)
        remove_reference(gallery=self.gallery, reference=reference)
        return Response(told)


class SeveralExamples(Enrolling):
    parser_classes = (PlainJSONParser,)

    def post(self, request: Request) -> Response:
        """Delete those of the ids that exist."""
        ids = Items(child=Text(max_length=100), max_length=MAX_IDS).run_validation(request.data)
        found = list(references_of(self.gallery).filter(public_id__in=ids))
        told = [example_answer(each) for each in found]
        remove_references(gallery=self.gallery, references=found)
        return Response(told)


class Recognise(CompreFaceView):
    curators_change = False

    def post(self, request: Request) -> Response:
        photo, how = Photo(data=image_input(request)), HowToLook.of(request)
        photo.is_valid(raise_exception=True)
        found = identify(
            gallery=self.gallery,
            data=photo.validated_data["file"],
            user=self.user,
            top_k=HowToLook.predictions(request),
            regions=Regions.ALL,
        )
        return Response({"result": recognised_answer(found.answer["regions"], **how)})


class VerifyExample(CompreFaceView):
    curators_change = False

    def post(self, request: Request, image: str) -> Response:
        """Compare with the subject of an example: with the person, not with the one photo."""
        photo, how = Photo(data=image_input(request)), HowToLook.of(request)
        photo.is_valid(raise_exception=True)
        category = get_reference(self.gallery, image).category
        answer = verify(
            gallery=self.gallery,
            category=category.slug,
            data=photo.validated_data["file"],
            regions=Regions.ALL,
        )
        return Response({"result": verified_answer(answer["regions"], category.name, **how)})


def _subject(gallery: Gallery, name: str) -> Category:
    category = category_named(gallery, name)
    if category is None:
        raise CategoryNotFound(f"There is no subject {name!r}.")
    return category
