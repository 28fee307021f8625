"""The picture's arithmetic: what stands where, what is joined to what, and what a long pause takes."""

from datetime import date

import pytest

from applications.path.facts import Span, Stop, Target
from applications.path.line import picture
from applications.path.next_steps import NextStep, Verdict
from applications.path.table import table

TODAY = date(2026, 11, 3)
LANES = ["Development", "Embedding", "Sustaining"]


def stop(lane, year, status="completed", **values):
    return Stop(lane.lower(), lane, lane, year, status, status, **values)


def drawn(*stops, spans=(), nexts=()):
    return picture([*LANES, *dict.fromkeys(span.lane for span in spans)], stops, spans, today=TODAY, nexts=nexts)


def may(lane, year, verdict=Verdict.MAY):
    return NextStep(Target(lane.lower(), lane, year, "continue", lane), verdict, "Because.")


def test_nothing_is_no_picture():
    assert drawn() is None


def test_a_column_for_each_year_up_to_this_one():
    assert [column.label for column in drawn(stop("Development", 2024)).columns] == ["2024/25", "2025/26", "2026/27"]


def test_a_long_pause_takes_one_narrow_column():
    columns = drawn(stop("Development", 2017), stop("Sustaining", 2023), stop("Sustaining", 2026)).columns

    assert [(each.first, each.last) for each in columns[:3]] == [(2017, 2017), (2018, 2022), (2023, 2023)]
    assert [(each.first, each.last) for each in columns[3:]] == [(2024, 2025), (2026, 2026)]
    assert columns[1].width < columns[0].width


def test_the_second_year_parts_into_two_and_the_third_comes_together_again():
    threads = drawn(
        stop("Development", 2024), stop("Embedding", 2025), stop("Sustaining", 2025), stop("Sustaining", 2026)
    ).threads

    assert [thread.kind for thread in threads] == ["went"] * 4


def test_over_a_pause_the_line_is_another_one():
    threads = drawn(stop("Development", 2021), stop("Sustaining", 2026)).threads

    assert [thread.kind for thread in threads] == ["pause"]


def test_what_may_come_is_joined_to_the_last_year_only():
    threads = drawn(stop("Development", 2025), nexts=[may("Sustaining", 2026), may("Sustaining", 2027)]).threads

    assert [thread.kind for thread in threads] == ["next", "next"]


@pytest.mark.parametrize("verdict", [Verdict.NO, Verdict.REFER, Verdict.IN, Verdict.APPLIED])
def test_what_is_not_open_is_not_drawn(verdict):
    assert len(drawn(stop("Development", 2025), nexts=[may("Sustaining", 2026, verdict)]).cards) == 1


def test_a_declined_offer_is_drawn_and_joined_to_nothing():
    found = drawn(stop("Development", 2024), stop("Sustaining", 2025, "declined"), stop("Sustaining", 2026))

    assert [card.kind for card in found.cards] == ["done", "out", "done"]
    assert len(found.threads) == 1


def test_no_two_cards_and_no_two_bars_lie_on_one_another():
    spans = [Span("Posts", "Head", date(year, 9, 1), date(year + 2, 8, 31)) for year in (2022, 2023, 2024)]
    found = drawn(
        stop("Sustaining", 2024, "withdrawn"), stop("Sustaining", 2024), stop("Sustaining", 2022), spans=spans
    )

    assert len({(card.x, card.y) for card in found.cards}) == 3
    assert len({(bar.x, bar.y) for bar in found.bars}) == 3
    assert all(card.y + found.card_height <= found.bottom for card in found.cards)


def test_another_hubs_year_shows_no_more_than_that():
    card = drawn(Stop("sustaining", "Sustaining", "Sustaining", 2025, known=False)).cards[0]

    assert (card.kind, card.word, card.small) == ("elsewhere", "Other hub", "")


def test_what_lies_before_and_after_the_picture_is_cut_at_its_edges():
    found = drawn(stop("Development", 2025), spans=[Span("URN", "123456", date(1955, 9, 1), None, "X", "urn")])

    assert found.bars[0].x == found.columns[0].x
    assert found.bars[0].x + found.bars[0].width <= found.width


def test_the_table_has_the_years_the_pause_and_the_new_urn_in_order():
    urns = [Span("URN", "1", date(1900, 1, 1), date(2022, 3, 31), "Old", "urn")]
    urns.append(Span("URN", "2", date(2022, 4, 1), None, "New", "urn"))

    rows = table([stop("Sustaining", 2026), stop("Development", 2019)], urns, today=TODAY)

    assert [(row.kind, row.years) for row in rows] == [
        ("stop", "2019/20"),
        ("pause", "2020/21 to 2025/26"),
        ("change", "2021/22"),
        ("stop", "2026/27"),
    ]
