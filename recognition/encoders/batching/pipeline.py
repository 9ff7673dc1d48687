"""Images to embeddings in three stages with bounded queues between them."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import compress
from threading import Lock, Thread
from typing import TypeAlias, TypeVar

import numpy as np
from PIL import Image

from recognition.core.errors import EncoderBusy, EncoderError, EncoderMismatch
from recognition.core.types import Matrix, Vector
from recognition.encoders.batching.cache import VectorCache
from recognition.encoders.batching.priority_queue import Closed, Full, PriorityQueue, fail
from recognition.encoders.normalising import normalise
from recognition.encoders.protocol import Crop, DualEncoder

ImageLoader: TypeAlias = Callable[[], Image.Image | Crop]
"""An image that is yet to be decoded or made, or what the image tower takes of one."""

_DRAIN_SECONDS = 30.0

_In = TypeVar("_In")
_Out = TypeVar("_Out")


@dataclass(slots=True)
class Item:
    """An image on its way, with its own future, deadline (on the monotonic clock) and error."""

    open: ImageLoader
    deadline: float
    bulk: bool
    future: Future[Vector] = field(default_factory=Future)
    crop: Crop | None = None
    key: bytes = b""


@dataclass(slots=True)
class Batch:
    """The output of one forward pass over several items, to be handed out."""

    items: list[Item]
    rows: Matrix
    future: Future[Vector] = field(default_factory=Future)
    bulk: bool = False
    deadline: float = float("inf")


Finish: TypeAlias = Callable[[Batch], None]


class Pipeline:
    """Decodes and crops on ``decoders`` threads, runs the image tower on as many as it likes, and
    hands the rows out on one; threads start with the first image that is queued.

    Images that come alone wait for nobody. Of interactive images at most ``capacity`` wait,
    then EncoderBusy is raised; bulk ones wait for room, and for every interactive one.
    """

    def __init__(
        self,
        dual_encoder: DualEncoder,
        *,
        cache: VectorCache,
        capacity: int = 64,
        decoders: int = 2,
    ) -> None:
        self._dual_encoder = dual_encoder
        self._cache = cache
        self._decoders = decoders
        self._entered: PriorityQueue[Item] = PriorityQueue(capacity)
        self._cropped: PriorityQueue[Item] = PriorityQueue(max(2 * dual_encoder.batch, decoders))
        self._done: PriorityQueue[Batch] = PriorityQueue(2 * dual_encoder.parallel)
        self._opening = 0
        self._under_way = 0
        self._lock = Lock()
        self._stages: list[list[Thread]] = []
        self._helpers = ThreadPoolExecutor(decoders, thread_name_prefix="crop")

    def run_now(self, loaders: Sequence[ImageLoader]) -> list[Future[Vector]]:
        """Embed images that come alone on the caller's thread and return the finished embeddings:
        handing them from stage to stage would cost a tenth of their time. They have no deadline,
        since none of them waits.

        Empty where others are under way, where there are more than can be decoded at a time, and
        where the towers gain by waiting: those are large, or run elsewhere and may not answer.
        """
        if not self._claims(len(loaders)):
            return []
        items = [Item(loader, float("inf"), bulk=False) for loader in loaders]
        try:
            self._side_by_side(self._run, self._parted(items))
        finally:
            self._count_under_way(-len(items))
        return [item.future for item in items]

    def _parted(self, items: list[Item]) -> list[list[Item]]:
        """Part items into one each where as many batches are best run at the same time."""
        if self._dual_encoder.parallel >= len(items) > self._dual_encoder.batch:
            return [[item] for item in items]
        return [items]

    def _run(self, items: list[Item]) -> None:
        are_new = self._side_by_side(self._crop, items)
        if new := list(compress(items, are_new)):
            self._forward(new, self._hand_out)

    def _side_by_side(self, work: Callable[[_In], _Out], items: Sequence[_In]) -> list[_Out]:
        """The first on the caller's thread."""
        helping = [self._helpers.submit(work, item) for item in items[1:]]
        return [work(items[0]), *(helper.result() for helper in helping)]

    def _claims(self, count: int) -> bool:
        is_fit = 0 < count <= self._decoders and not self._dual_encoder.linger
        with self._lock:
            claimed = is_fit and not self._under_way and not self._entered.is_closed
            if claimed:
                self._under_way += count
            return claimed

    def submit(
        self, open_image: ImageLoader, *, deadline: float, bulk: bool = False
    ) -> Future[Vector]:
        """Queue an image that ``open_image`` decodes, and return its L2-normalised embedding
        ``(d,)`` to come.

        Cancelling the future takes the image out of the queue. Raises EncoderBusy.
        """
        self._start()
        item = Item(open_image, deadline, bulk)
        self._count_under_way(1)
        item.future.add_done_callback(lambda _: self._count_under_way(-1))
        try:
            self._entered.put(item, wait=bulk)
        except (Full, Closed) as refused:
            item.future.cancel()
            raise EncoderBusy(self._why(refused)) from None
        return item.future

    def _why(self, refused: Full | Closed) -> str:
        if isinstance(refused, Closed):
            return "The service is stopping. Send it again soon."
        return f"{self._entered.capacity} images wait to be encoded already. Send it again soon."

    def close(self) -> None:
        """Let nothing more in and finish what is there."""
        self._start()
        closes = (self._entered.close, self._cropped.close, self._done.close)
        for close, threads in zip(closes, self._stages, strict=True):
            close()
            for thread in threads:
                thread.join(_DRAIN_SECONDS)

    def _start(self) -> None:
        if self._stages:
            return
        with self._lock:
            if not self._stages:
                self._stages = [
                    _threads("decode", self._crop_items, self._decoders),
                    _threads("forward", self._forward_items, self._dual_encoder.parallel),
                    _threads("embed", self._hand_out_batches, 1),
                ]

    def _crop_items(self) -> None:
        while items := self._entered.take(1):
            [item] = items
            self._count_opening(1)
            try:
                is_new = self._crop(item)
            finally:
                self._count_opening(-1)
            if is_new:
                self._cropped.put(item, wait=True)

    def _count_under_way(self, change: int) -> None:
        with self._lock:
            self._under_way += change

    def _count_opening(self, change: int) -> None:
        with self._lock:
            self._opening += change

    def _crop(self, item: Item) -> bool:
        """Crop an item, and say whether it is to be run: not where it failed, or is known."""
        try:
            opened = item.open()
            crop = self._dual_encoder.crop(opened) if isinstance(opened, Image.Image) else opened
            item.crop = np.ascontiguousarray(crop)
            item.key = self._cache.key_of(item.crop.data)
        except Exception as error:
            fail(item.future, error)
            return False
        if (vector := self._cache.get(item.key)) is not None:
            _resolve(item.future, vector)
            return False
        return True

    def _forward_items(self) -> None:
        while items := self._cropped.take(self._dual_encoder.batch, linger=self._linger):
            self._forward(items, self._hand_over)

    def _forward(self, items: list[Item], finish: Finish) -> None:
        try:
            alone = self._under_way <= len(items)
            rows = self._dual_encoder.forward_images(
                [_crop_of(item) for item in items], alone=alone
            )
            finish(Batch(items, rows))
        except Exception as error:
            self._forward_each(items, error, finish)

    def _forward_each(self, items: list[Item], error: Exception, finish: Finish) -> None:
        """Run a failed batch's items one by one: one bad image fails alone; a missing encoder fails
        all at once.
        """
        if len(items) == 1 or isinstance(error, EncoderError | EncoderMismatch):
            for item in items:
                fail(item.future, error)
            return
        for item in items:
            try:
                rows = self._dual_encoder.forward_images([_crop_of(item)])
                finish(Batch([item], rows))
            except Exception as own:
                fail(item.future, own)

    def _linger(self) -> float:
        """Others are waited for only while some are on their way."""
        return self._dual_encoder.linger if self._opening or len(self._entered) else 0.0

    def _hand_over(self, batch: Batch) -> None:
        self._done.put(batch, wait=True)

    def _hand_out_batches(self) -> None:
        while batches := self._done.take(1):
            [batch] = batches
            self._hand_out(batch)

    def _hand_out(self, batch: Batch) -> None:
        for item, row in zip(batch.items, batch.rows, strict=True):
            try:
                [vector] = normalise(row[np.newaxis])
            except Exception as error:
                fail(item.future, error)
                continue
            self._cache.put(item.key, vector)
            _resolve(item.future, vector)


def _crop_of(item: Item) -> Crop:
    if item.crop is None:
        raise RuntimeError("The image was not cropped.")
    return item.crop


def _resolve(future: Future[Vector], vector: Vector) -> None:
    if future.set_running_or_notify_cancel():
        future.set_result(vector)


def _threads(name: str, work: Callable[[], None], count: int) -> list[Thread]:
    threads = [Thread(target=work, name=f"{name}-{i}", daemon=True) for i in range(count)]
    for thread in threads:
        thread.start()
    return threads


def seconds_from_now(seconds: float) -> float:
    """Return the deadline that is so many seconds from now."""
    return time.monotonic() + seconds
