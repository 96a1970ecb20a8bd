"""Data sets for a template: short and long names, long facts, many rows, empty parts; invented."""

import re
from collections.abc import Mapping
from random import Random
from typing import Any

from cases.letters.signature import dated, signed
from templates.catalogue import Template
from templates.manifest import Variable, VariableType

_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧欧阳司徒"
_NAMES = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰建国志红海燕春梅雪晓峰"
_WORDS = "经与民政公安部门数据比对核实该员已于丧失领取资格其亲属未及时申报继续领取养老金抚恤金"
#: what a number of a letter counts up to
_NUMBER, _COUNTS = re.compile("第[0-9]+号"), (1, 12, 128, 1024, 12345)
_MARKS = "，，，、。；：（《"
_FOREIGN = ("阿卜杜热合曼·买买提吐尔逊", "John Smith", "N’Guyen Van-A.", "𠅤㛃䶮")
#: names of variables that hold what is long by its nature
_PROSE = ("facts", "reason", "results", "conclusion", "measures", "basis", "description")


def variation(template: Template, index: int) -> dict[str, Any]:
    """The data set ``index`` of the template; the same in each run."""
    random = Random(f"{template.kind.value} {index}")
    made: dict[str, Any] = {}
    for variable in template.manifest.variables:
        made[variable.name] = _value(variable, template.sample[variable.name], random)
    made["number"] = _NUMBER.sub(f"第{random.choice(_COUNTS)}号", template.sample["number"])
    if "issued_on" in made:
        made["issued_on"] = random.choice(("2026年3月5日", "2026年11月5日", "2026年12月31日"))
    if "title_lines" in made:
        made["title_lines"] = template.sample["title_lines"]
    if "signature" in made:
        name = _signed_name(made, random)
        made |= {**signed(name), **dated(made["issued_on"])}
    return made


def _signed_name(made: Mapping[str, Any], random: Random) -> str:
    if "audit_name" in made:
        return f"{made['audit_name']}社会保险（就业）服务中心（盖章）"
    return made.get("agency_name") or _name("agency_name", "", random)


def _value(variable: Variable, sample: Any, random: Random) -> Any:
    if variable.type is VariableType.FLAG:
        return random.random() < 0.5
    if variable.type is VariableType.ROWS:
        return _rows(sample, random)
    return text_like(variable.name, sample, random)


def _rows(sample: list[Mapping[str, str]], random: Random) -> list[dict[str, str]]:
    count = random.choice((0, 1, 1, 2, 3, 8, 40))
    return [
        {name: text_like(name, value, random) for name, value in random.choice(sample).items()}
        for _ in range(count if sample else 0)
    ]


def text_like(name: str, sample: str, random: Random) -> str:
    """A text for what the sample's stands for: a figure stays a figure of as many digits."""
    if random.random() < 0.08 and name != "agency_name":
        return ""
    if any(part in name for part in _PROSE):
        return prose(random.choice((10, 60, 200, 900)), random)
    if sample and sum(each.isdigit() for each in sample) * 3 > len(sample):
        return "".join(random.choice("123456789") if c.isdigit() else c for c in sample)
    if name.endswith("name"):
        return _name(name, sample, random)
    return sample if random.random() < 0.7 else sample * random.choice((2, 3))


def _name(name: str, sample: str, random: Random) -> str:
    if "agency" in name or len(sample) > 6:
        return ("长沙市雨花区社会保险服务中心" * 3)[
            : random.choice((8, 12, 13, 14, 17, 22, 25, 40))
        ]
    if random.random() < 0.2:
        return random.choice(_FOREIGN)
    return random.choice(_SURNAMES) + "".join(random.choices(_NAMES, k=random.choice((1, 2, 3))))


def prose(length: int, random: Random) -> str:
    """Chinese text with dates and amounts in it."""
    pieces: list[str] = []
    while sum(map(len, pieces)) < length:
        pieces.append("".join(random.choices(_WORDS, k=random.randint(3, 14))))
        if random.random() < 0.3:
            pieces.append(f"{random.randint(2019, 2026)}年{random.randint(1, 12)}月")
        if random.random() < 0.2:
            pieces.append(f"{random.randint(100, 99999)}.{random.randint(10, 99)}元")
        pieces.append(random.choice(_MARKS))
    return "".join(pieces)[:length] + "。"
