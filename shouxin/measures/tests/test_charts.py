"""A chart is drawn where its numbers are."""

from shouxin.measures.charts import BOTTOM, LEFT, RIGHT, TOP, bars, control_chart
from shouxin.statistics.control import Limits, p_chart


def labels(count):
    return [(str(n + 1), "2026" if n == 0 else "") for n in range(count)]


def test_a_value_outside_of_its_limits_is_marked_and_told():
    limits = p_chart([90, 92, 60, 91], [100, 100, 100, 100])

    chart = control_chart(labels(4), [0.90, 0.92, 0.60, 0.91], limits, is_share=True)

    assert [point.is_out for point in chart.points] == [False, False, True, False]
    assert chart.outlier is chart.points[2]
    assert chart.middle == limits[0].middle


def test_the_last_stretch_is_open_until_it_ends_and_never_outside():
    chart = control_chart(labels(3), [10, 10, 1], [Limits(8, 10, 12)] * 3, is_last_open=True)

    assert (chart.points[2].is_open, chart.points[2].is_out, chart.strokes[1].is_open) == (True, False, True)


def test_counts_stand_on_zero_and_higher_values_higher_up():
    chart = control_chart(labels(3), [0, 7, 14], None)

    assert [point.y for point in chart.points][0] == BOTTOM
    assert BOTTOM > chart.points[1].y > chart.points[2].y >= TOP
    assert (chart.points[0].x, chart.points[2].x) == (LEFT, RIGHT)
    assert [value for _y, value in chart.ticks] == [0, 5, 10, 15]


def test_a_stretch_without_anything_leaves_a_gap():
    chart = control_chart(labels(3), [0.5, None, 0.6], p_chart([5, 0, 6], [10, 0, 10]), is_share=True)

    assert (chart.points[1].y, chart.strokes) == (None, [])


def test_nothing_at_all_is_still_a_chart():
    assert control_chart(labels(2), [None, None], None, is_share=True).points[0].y is None


def test_intervals_of_all_rows_share_one_scale_and_an_open_side_reaches_its_end():
    (first, second, nothing), start, end = bars([(0.5, 0.4, 0.6), (0.9, None, None), (None, None, None)], is_share=True)

    assert (start, end, nothing) == (0.4, 0.9, None)
    assert (first.dot, first.low, first.high) == (20.0, 0.0, 40.0)
    assert (second.low, second.high) == (0.0, 100.0)
