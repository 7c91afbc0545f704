"""What a workspace gives to others: files for channels, reports for suppliers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from packshot.app.suppliers import SupplierOptions, SuppliersTold
    from packshot.app.tables import Reader
    from packshot.app.write_back import Exported, ExportOptions
    from packshot.telemetry import Progress

SUPPLIERS = "suppliers"
"""Where in a workspace the reports for suppliers stand."""


class Outputs:
    """The verbs of a workspace that hand its results on."""

    _reader: Reader
    _catalog: str | Path | None
    path: Path

    def hold_output(self, file: Path) -> None:
        """Raise UsageError where `file` is one of the workspace's own, or a feed that it was made of."""
        from packshot.app.output_places import hold_output

        stores = self._reader.stores
        feeds = [source.uri for source in stores.catalog.sources().values()]
        hold_output(file, stores.root, feeds, self._catalog)

    def export(
        self,
        channel: str,
        output: Path | IO[bytes] | None = None,
        options: ExportOptions | None = None,
        *,
        left_out: Path | None = None,
    ) -> Exported:
        """Write the chosen pictures into the file that `channel` takes; only count them where `output` is None.

        Where no form is said, the suffix of `output` tells it.

        `left_out` names a CSV for the listings that are not in it. Nothing is sent anywhere. Raises UnknownName for a
        channel or form that is not there, UsageError where no picture has a public address, or where a file would be
        written over another one that is needed.
        """
        from packshot.app.write_back import Export, ExportOptions, hold_apart

        asked = options or ExportOptions()
        files = [one for one in (output, left_out) if isinstance(one, Path)]
        hold_apart(files, asked.changed_since)
        for file in files:
            self.hold_output(file)
        export = Export(self._reader, channel, replace(asked, file=output) if isinstance(output, Path) else asked)
        done = export.write(output)
        if left_out is not None:
            export.write_left_out(left_out)
        return done

    def report_suppliers(
        self,
        folder: Path | None = None,
        options: SupplierOptions | None = None,
        *,
        progress: Progress | None = None,
    ) -> SuppliersTold:
        """Write a folder for each supplier, to be sent to them, and a ranking of all; by default into `suppliers`.

        Raises UnknownName for a supplier or language that is not there, UsageError where `folder` holds other things.
        """
        from packshot.app.suppliers import SupplierOptions, report_suppliers
        from packshot.telemetry import Silent

        return report_suppliers(
            self._reader, folder or self.path / SUPPLIERS, options or SupplierOptions(), progress or Silent()
        )
