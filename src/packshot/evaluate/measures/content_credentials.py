"""Whether the content credentials of a picture hold."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

from packshot.core.measurement import Kind, Output
from packshot.evaluate.measure import Measure
from packshot.evaluate.origin import origin, plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from packshot.core.measurement import Value
    from packshot.media.picture import Picture

OFFLINE = {
    "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False},
    "core": {"allowed_network_hosts": [], "decode_identity_assertions": False},
}
"""Settings under which the library opens no connection: neither for manifests nor for what certificates point to."""


class ContentCredentials(Measure):
    """Whether the content credentials (C2PA) of the file are intact, and who signed them.

    Method: the C2PA project's own library (c2pa-python) verifies the embedded manifest: signatures, and the hashes of
    what is signed against the file. It is offline: nothing is fetched, so revoked certificates are not told, and no
    list of trusted signers is shipped: `valid` says that nothing was changed since somebody signed it, not who that is.

    Needs: `pip install "packshot[provenance]"`.

    Blind spots: a signer's name is what the certificate says. A certificate that has run out since, without a time
    stamp, is told as invalid, so the state may change with time; it is that of the day of measuring. Null where the
    file has no content credentials of its own.
    """

    libraries = ("c2pa",)
    outputs = (
        Output("c2pa_state", Kind.TEXT, "valid, invalid (the file was changed, the manifest is broken) or trusted."),
        Output("c2pa_signer", Kind.TEXT, "Who signed, as the certificate says; null where that cannot be read."),
        Output("c2pa_faults", Kind.TEXTS, "What is wrong with them, in the codes of C2PA, or unreadable."),
    )

    def measure(self, picture: Picture) -> Mapping[str, Value]:
        """Verify what the file carries."""
        found = picture.once(origin)
        if found is None or not found.blocks.credentials:
            return dict.fromkeys(output.name for output in self.outputs)
        return _verified(picture.file, f"image/{picture.header.format}")


def _verified(data: bytes, media_type: str) -> Mapping[str, Value]:
    import c2pa  # a tenth of a second and fifty megabytes, for the few files that need it

    try:
        with (
            c2pa.Context.from_dict(OFFLINE) as context,
            c2pa.Reader(media_type, io.BytesIO(data), None, context) as reader,
        ):
            report = json.loads(reader.json())
    except c2pa.C2paError:  # it cannot even be taken apart
        return {"c2pa_state": "invalid", "c2pa_signer": None, "c2pa_faults": ("unreadable",)}
    state = str(report.get("validation_state")).lower()
    manifest = report.get("manifests", {}).get(report.get("active_manifest"), {})
    signer = (manifest.get("signature_info") or {}).get("issuer")
    faults = [
        str(one.get("code")) for one in report.get("validation_status") or () if one.get("code") != _UNKNOWN_SIGNER
    ]
    return {
        "c2pa_state": state if state in _STATES else "invalid",
        "c2pa_signer": plain(signer) if isinstance(signer, str) else None,
        "c2pa_faults": tuple(dict.fromkeys(faults)) or None,
    }


_STATES = ("valid", "invalid", "trusted")
_UNKNOWN_SIGNER = "signingCredential.untrusted"
"""Said of every signer that the library does not know, and it knows none by itself."""
