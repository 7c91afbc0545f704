"""HEIC from small files of the drawn scene: what is installed here decodes HEIC and does not write it."""

from __future__ import annotations

import base64

import numpy as np
import pytest

from packshot.core.errors import MediaError
from packshot.core.trouble import TroubleKind
from packshot.media.decode import decode
from packshot.media.limits import Limits
from packshot.media.read_header import read_header

WITH_ALPHA = (
    "0000SW^{RQXk}?*00000ZE0pPXk}?*ZE0a<0006;ZDn*}000000000XXk=`10000000000aA{+700000000000000000000G-"
    "+&aV*mgE07O6l0ssL300002Y5)NM0000000MFV0ssI200i6s0RR9100000rvLx|IB98aW&i*H00062000$fZf0cy000000RRAKc4"
    "ILB0000LX>Mj^0ssI200IC2Xm(>U000004sdC7Z2$lO0003100D(*aB^?}00CcVaAR)(004Msc4I>U18@KU0FVFx0000U@BsY%`1"
    "k+-4+CHT0RR|40Sp2E{{wIU00RJ!0009300RIXx&lC90096iLID8-"
    "Z~y=U0FVFx0{{R603M(aAYo;?l1givfQEwt00093G5`Pr00IzV00968L;=Baup&SJ000wXZ)|dIV{CW;0RRmE27mwn02FC+aAg1h"
    "000000Du4h0AK(B01$9#cxeCt0009B2nYZG0CQ+|V?zN12mk;8pZEX(0018F0Q~&;_y7P817H9F02e?33<3ZD1PA~C0|1}+00093"
    "03NymKw$s@04G8L0R#vD00RJ@_y7O{0017qK!Jsp>PacCYzP1V0|3YX00RIBKw<y^00%??!E&%7KmY&$4sdCBX#fBK009U9001Xp"
    "b$CMn0001Wa&9_paAjvYXk~U|Ix;XZH9BE+cxhxhF#rGn03K;@ZD9Za0000000IC31c3qr1ONgAg#!kM0000QX>w&|000000000E"
    "VRd+H00IC30096110ii>VRQfh0&XY)uL<Des}Bdjy-"
    "0Mk<wbJ9P3oXyIQ$N1WvyT``51ouNsmRtk!Gf&b4P#k;z6cJN1c5AoseEX2h6LEtP1eC&vDbTc?lTRAIV3M?ur&uqyDlym?`mMR>"
    "KEvbi`(g2x5J;f~)~<1GB3h)aJ1QM6=w1-cmO847K?JZ!L4KTSuhrIS=!ncDv*uN-"
    "7$J{}xr!_e@Hj<Hb$YLOG+eze?anV$zYVBqFYUTua=kt&S}IPqmbqSp}1eP3W?#LK`sFeb!did)mlA(4?m|?sa&OUxA?NT0<Q!mu"
    "!2`-fR_UU#%yV>N*+=RBORR0o~*{y!5>`)im1l7+yVRwWohh!^`mgH|hUe7U-*W#Oo}J8<78gE~|w69FppPD!Q?NPamZDIhd+-"
    "XB?jVO)pIE307%!$a=_u!khPw@zt6?>f86a>)u8Xn?T_Wx{3L5w9~LsRdZ#fWhC^_L^kp9ykj<)OREwGoLl`H<kd9lO*7|3255mu"
    "uv@i4WNLAog!V#42&T1i%cW~QS5@Ih3CF6L&kl%wxpGZ!`)hF-"
    "{&lyWUAB`M44pF;KbW`@ZTD>4L)S3`U}C;6wzL};iaquxmiGoxlsgK8lNoZRVh2C)0eWQ2QbqIl@rJ=04gV|lIgCg+4WRZ=<LIed"
    "#r})N=Dh0nTu3dJCy;s-pCAEzUJAhzN7X$}o|bJrThwBWu<^E*a-"
    "X@=*o5=nG<HyBUC0=(r?8}Z8`ece(`;4UfKPaHFWN%@jNr~Txga_@EN4<>*5<I41cSW0b4u>%gI6y$EQwd<>xZIrpi%nHifg=&00"
    "01^C;_e$z&nWR|NriZ>g4nNRZUXy|NMO8Rf@UnwZpqbyHz_m+tzrT^iZ*K{||*^U{Zh%6sJf_p=6z}IN{Rsj>iS<)*bQk$D=L30J"
    "~dJ@!?hn1mPoi1_jQWhsCM&e7}%>A<KZ-<7)OOLAiOHMuzKkG^4uOAE-"
    "q;e!8G&ni;ye)IP3i<oddL@Ywf*x7F&=XQuSWc5ZUduej?JW<$s"
)
"""The scene, its left quarter transparent."""


def test_the_turn_is_applied_once(scene, turned_heic):
    picture = decode(turned_heic)
    assert picture.header == read_header(turned_heic)
    assert (picture.header.format, picture.header.orientation) == ("heic", 1)
    assert picture.rgb.shape == (128, 96, 3)
    assert np.abs(np.rot90(picture.rgb, 1).astype(int) - scene).mean() <= 2.0


def test_alpha(scene):
    picture = decode(base64.b85decode(WITH_ALPHA))
    assert picture.header.has_alpha
    assert picture.alpha[:, :28].max() == 0
    assert (picture.rgb[:, :28] == 255).all()
    assert np.abs(picture.rgb[:, 36:].astype(int) - scene[:, 36:]).mean() <= 2.0


def test_hostile_variants(turned_heic):
    data = turned_heic
    for cut in (60, 300, len(data) - 50):
        with pytest.raises(MediaError) as caught:
            decode(data[:cut])
        assert caught.value.kind is TroubleKind.TRUNCATED
    size = data.index(b"ispe") + 8
    with pytest.raises(MediaError) as caught:
        decode(data[:size] + b"\x7f\xff\xff\xff" + data[size + 4 :])
    assert caught.value.kind is TroubleKind.BOMB
    with pytest.raises(MediaError):
        decode(data, Limits(max_pixels=100))
