"""One drawn picture that every test of the decoders knows."""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
import pytest
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray


def draw() -> NDArray[np.uint8]:
    """A soft, lopsided scene of 128 × 96 pixels: no two turns of it are alike, and chroma subsampling hurts little."""
    y, x = np.mgrid[0:96, 0:128].astype(np.float32)
    scene = np.stack([60 + x, 90 + y, 200 - x / 2 - y / 2], axis=-1)
    cv2.rectangle(scene, (10, 8), (60, 40), (200, 60, 50), -1)
    cv2.circle(scene, (95, 65), 20, (40, 160, 70), -1)
    return np.rint(cv2.GaussianBlur(scene, (0, 0), 2.0)).clip(0, 255).astype(np.uint8)


@pytest.fixture(scope="session")
def scene() -> NDArray[np.uint8]:
    return draw()


@pytest.fixture(scope="session")
def save() -> Callable[..., bytes]:
    def encode(pixels: Any, image_format: str, **options: Any) -> bytes:
        image = pixels if isinstance(pixels, Image.Image) else Image.fromarray(pixels)
        buffer = io.BytesIO()
        image.save(buffer, image_format, **options)
        return buffer.getvalue()

    return encode


TURNED = (
    "0000SW^{RQXk}?*00000ZE0pPXk}?*ZE0a<0004@ZDn*}000000000XXk=`10000000000aA{+700000000000000000000G-"
    "+&aV*mgE07O6l0ssL300001#Q*^S0000000MFV0ssI200cJx0RR9100000Bme*aIB98aW&i*H00062000$fZf0cy000000RRAKc4"
    "ILB0000LX>Mj^0ssI300IC2MR;ju000004sdC7Z2$lO00031007`=aB^?}006*gaAR)(004Msc4I>U18@KU0FVFx0000U@BsY%`1"
    "k+-4+CHT0RR|40Sp2E{{wIU00RJ!0009300RIXx&lC90096iLID8-"
    "Z~y=U0FVFx0{{R603M(aAYo;?l1givfQEwt00093G5`Pr00IzV00968L;=Baup&SJ000wXZ)|dIV{CW;0RRmE27mwn02FC+aAg1h"
    "000000Du4h0AK(B01$9#cxeCt0009B2nYZG010VwZ*&6y000<iaBX1#00000000310R@2q0|bQt000_ka%E-"
    "!00000000hSWOHKx0ssL30RR93o^51dbN~PXZYTk-"
    "3E<<a4+p@#NOZI1MRLGR>Y!sd{0?Yktza_w7=HXok43|gW~QTaM}PC;L8eGYoqYYBkX}Cr%&U&93h=qlanrJS2^iHM$w!dxiWXC&"
    "{<1unDe+=f!v}42#Ab>JVtuuOtO0HVv#TD|=CJ}qv)qB+Qa1GrwfO>XEpx70N2KjJ5A&aPyW}BCDjJ0U7FE*sOiG^P#ZA>hIis_`"
    "O5jFf(vhtsBCdX1OWdigjx7F9wUnA!1(S<S=(4Lq8!*;=)>hVg+Q>lAq^C9Rb$F0pfuQPILme)cY<tk&Y!zr<ttXZ0IvNX9Yr#YT"
    "-Q+mD^u0FKG}`nSUOi{Er+-ev%kcg;>Hl07=&N<a>nw{KkpF%ztAzX<lInjdy0L&yAEfy?n5uPW9G?75FHG+VR%vy}ddPvooA-"
    "|K)tW!*+xNQb-bN6cK;aF#iTQD~)38!ib7iGvB=pckHu3SiV>Xyes}cvCTm2j4)iml&Gv`GHXn{zuTeU)DYH^%|_CiJornPd*rE5"
    "J`RpCbo$Eumn4v2oaa!qghYjGL=b+?{fwv!nQoii3cn79&c_iWrl*D(ZOV!ki7v>O+SJ@zM-_XbgvI|_r78FHp#2S4xudSuK}Mf3"
    "RahQS*R|10)6j7T^Qp!QJX=&4)9{)@)uyz2K{NG+Bpka`uLAOU<{3c(Xc)jdw0mTf&-"
    ")MAaW@wS$7pSjc6g!A7tc2H$q$QZAuu%vq%)<s6sY*pQWPk3`L+Cu=0;LbL=AUZiLXHsR>=CG9ngS@+QO77`{S1&d!iC5<9hoW?#"
    "QTon`YrKyD000I>cxh$;08LE*DgXcg2mk>A5&#1L000311^@s60000"
)
"""The scene with EXIF orientation 6 and the `irot` box that says the same."""


@pytest.fixture(scope="session")
def turned_heic() -> bytes:
    return base64.b85decode(TURNED)
