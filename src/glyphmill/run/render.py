"""An image made again from its label: the plan in it is replayed, byte for byte, and nothing is drawn."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from os import PathLike, fspath
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from glyphmill.catalogue.resources import ResourceStore
from glyphmill.config.extras import EXTRAS
from glyphmill.config.model import Limits
from glyphmill.core.errors import GlyphmillError, Reject, RenderError
from glyphmill.core.registry import Registry, discover
from glyphmill.export.files import encode_extra
from glyphmill.generator import OCRDataGenerator, Sample
from glyphmill.plan.plan import Plan
from glyphmill.run.dataset import dataset_above
from glyphmill.run.label_errors import ClusterInk, cluster_ink
from glyphmill.run.locate import locate_backgrounds, locate_fonts

PathName = str | PathLike[str]
T = TypeVar("T")


class Renderer:
    """Replays the plans of labels. What it opens it keeps, so use one for many labels.

    Args:
        fonts: folders, files or globs where fonts may be.
        backgrounds: folders where backgrounds may be.
        manifest: of the dataset that the labels are from; tells where resources lay, and the limits of the job.
        registry: the units that exist; None for all that are installed.
    """

    def __init__(
        self,
        fonts: Iterable[PathName] = (),
        backgrounds: Iterable[PathName] = (),
        manifest: Mapping[str, Any] | None = None,
        registry: Registry | None = None,
    ) -> None:
        resources = (manifest or {}).get("resources", {})
        limits = _limits(manifest)
        store = ResourceStore(
            fonts=locate_fonts([fspath(folder) for folder in fonts], resources.get("fonts", {})),
            backgrounds=locate_backgrounds(
                [fspath(folder) for folder in backgrounds], resources.get("backgrounds", {}), limits
            ),
            max_background_pixels=limits.max_background_pixels,
        )
        #: What the dataset has beside its images, by name.
        self.extras = extras_of(manifest)
        self._generator = OCRDataGenerator(
            None, None, registry or discover(), resources=store, limits=limits, extras=self.extras
        )

    def image(self, label: Mapping[str, Any]) -> bytes:
        """The image file of a label.

        Raises: RenderError naming the file and digest of a font or background that is not found or has changed, or
        the unit that is missing; or saying what is wrong with the plan.
        """
        return self._replay(lambda plan: self._generator.generate_from_plan(plan).encoded(), label)

    def files(self, label: Mapping[str, Any]) -> tuple[bytes, dict[str, bytes]]:
        """The image file of a label, and by name what its dataset has beside it. Raises: as ``image``."""

        def made(plan: Plan) -> tuple[bytes, dict[str, bytes]]:
            sample = self._generator.generate_from_plan(plan)
            return sample.encoded(), {name: encode_extra(extra) for name, extra in sample.extras.items()}

        return self._replay(made, label)

    def sample(self, label: Mapping[str, Any]) -> Sample:
        """The sample of a label, not encoded. Raises: as ``image``."""
        return self._replay(self._generator.generate_from_plan, label)

    def ink(self, label: Mapping[str, Any]) -> NDArray[np.uint8]:
        """Coverage of the ink, uint8 (H, W). Raises: as ``image``."""
        return self._replay(self._generator.ink_mask, label)

    def cluster_ink(self, label: Mapping[str, Any]) -> tuple[Plan, ClusterInk]:
        """The plan of a label, and where the ink of each of its clusters is. Raises: as ``image``."""
        return self._replay(lambda plan: (plan, cluster_ink(self._generator, plan)), label)

    def _replay(self, action: Callable[[Plan], T], label: Mapping[str, Any]) -> T:
        plan = label.get("plan")
        if not isinstance(plan, Mapping):
            raise RenderError("this label holds no plan, and without one its image cannot be made again")
        try:
            return action(Plan.from_dict(plan))
        except Reject as reject:
            raise RenderError(f"the plan cannot be carried out: {reject}") from reject
        except GlyphmillError:
            raise
        except Exception as error:
            # A label is input: whatever is wrong in it ends in a message.
            raise RenderError(f"the plan of this label cannot be replayed: {type(error).__name__}: {error}") from error


def render_label(
    label: Mapping[str, Any],
    *,
    fonts: Iterable[PathName] = (),
    backgrounds: Iterable[PathName] = (),
    manifest: Mapping[str, Any] | None = None,
) -> bytes:
    """The image file of one label; see ``Renderer`` for the arguments and for what is raised."""
    return Renderer(fonts, backgrounds, manifest).image(label)


def render_file(path: PathName, *, fonts: Iterable[PathName] = (), backgrounds: Iterable[PathName] = ()) -> bytes:
    """The image file of a label, with the manifest of the dataset that it lies in, if any.

    Args:
        path: of the label's file, or its address. A label inside a shard is named by both, like
            ``out/shard-000001.tar/000000012.json`` or ``out/data/train-000001.parquet/000000012.json``.
        fonts, backgrounds: as of ``Renderer``.

    Raises: RenderError if it cannot be read or replayed; RunError if the manifest, or its layout, cannot be read;
    StoredError if the shard is damaged or holds no such label.
    """
    above = dataset_above(path)
    if above is None:
        return render_label(read_label(path), fonts=fonts, backgrounds=backgrounds)
    dataset, place = above
    label = _parsed(lambda: dataset.label(place), path)
    return render_label(label, fonts=fonts, backgrounds=backgrounds, manifest=dataset.manifest)


def read_label(path: PathName) -> dict[str, Any]:
    """The label in a file. Raises: RenderError if there is none."""
    return _parsed(Path(fspath(path)).read_bytes, path)


def _parsed(read: Callable[[], bytes], path: PathName) -> dict[str, Any]:
    try:
        label = json.loads(read().decode())
    except OSError as error:
        raise RenderError(f"cannot read {path}: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise RenderError(f"{path} is not a label: {error}") from error
    if not isinstance(label, dict):
        raise RenderError(f"{path} is not a label: it holds {type(label).__name__}, not an object")
    return label


def extras_of(manifest: Mapping[str, Any] | None) -> tuple[str, ...]:
    """The names of what a dataset has beside its images, as far as this version knows them."""
    output = ((manifest or {}).get("config") or {}).get("output") or {}
    given = output.get("extras") if isinstance(output, Mapping) else None
    return tuple(name for name in EXTRAS if isinstance(given, list) and name in given)


def _limits(manifest: Mapping[str, Any] | None) -> Limits:
    given = ((manifest or {}).get("config") or {}).get("limits") or {}
    return Limits(**{name: value for name, value in given.items() if name in Limits.__dataclass_fields__})
