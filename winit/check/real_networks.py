"""Chapter 11: what the border of an image costs, and the fans of a transposed convolution."""

from __future__ import annotations

from .fans import IN, NO_FIELD, OUT, SWAPPED
from .record import number, numbers

border_share = number(
    "The share of the mean square that a 5×5 convolution with zero padding leaves of a 12×12 image.",
    (54 / 60) ** 2,
    {
        54 / 60: (
            "축 하나만 계산했습니다. 이미지에는 축이 둘 있습니다.",
            "That is along one axis, but an image has two.",
        ),
        (34 / 36) ** 2: ("3×3 커널의 값입니다.", "That is for a kernel of 3×3."),
        (8 / 12) ** 2: (
            "창이 다 차는 화소만 세었습니다. 가장자리의 화소에도 일부가 남습니다.",
            "That counts full windows only, but a pixel at the rim keeps a part.",
        ),
        1 - (54 / 60) ** 2: (
            "없어진 비율입니다. 남은 비율을 쓰세요.",
            "That is the share that is lost: give what is left.",
        ),
        (3 / 5) ** 2: ("모서리의 화소 하나에 남는 비율입니다.", "That is what a corner pixel keeps."),
    },
)

transposed = numbers(
    "The true fans of ConvTranspose2d(64, 3, 4, stride=2), on average over the pixels.",
    (IN, 64 * 16 / 4),
    (OUT, 3 * 16),
    mistakes={
        (48, 1024): (
            "PyTorch가 모양에서 읽는 값입니다. 두 수가 뒤바뀌었고 스트라이드도 빠졌습니다.",
            "That is what PyTorch reads from the shape: swapped, and without the stride.",
        ),
        (1024, 48): (
            "스트라이드를 빠뜨렸습니다. 출력 화소는 입력 화소를 네 개에 하나꼴로 봅니다.",
            "That is without the stride: an output pixel meets one in four of the shifts.",
        ),
        (1024, 12): (
            "스트라이드로 팬아웃을 나누었습니다. 줄어드는 것은 팬인입니다.",
            "There the stride divides fan_out, but it is fan_in that shrinks.",
        ),
        (48, 256): SWAPPED,
        (64, 3): NO_FIELD,
        (16, 3): NO_FIELD,
    },
)
