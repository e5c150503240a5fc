"""Search words: two characters are enough, Traditional and Simplified find each other."""

import time

from shouxin.core.text import MOST_WORDS, bigrams, bigrams_of, query_words


def test_traditional_and_simplified_give_the_same_words():
    assert bigrams("理賠延遲") == bigrams("理赔延迟") == ["理赔", "赔延", "延迟"]


def test_every_query_of_two_characters_is_found_in_the_text_that_holds_it():
    text = set(bigrams("王小姐詢問受益人變更，保單 QL-12345678"))

    assert set(query_words("受益")) <= text
    assert set(query_words("益人变")) <= text
    assert set(query_words("ＱＬ-12345678")) <= text
    assert set(query_words("QL-12345678")) <= text


def test_words_of_other_scripts_are_whole_and_folded():
    assert bigrams("Surrender VALUE value") == ["surrender", "value"]


def test_a_single_chinese_character_can_not_be_searched():
    assert query_words("賠") == []


def test_a_flood_of_digits_and_dashes_costs_no_more_than_other_text():
    for flood in ("1" * 20_000, "1-" * 10_000, "abc" * 7_000, "a1" * 10_000, "-1" * 10_000):
        began = time.process_time()
        words = bigrams(flood)
        assert time.process_time() - began < 0.5
        assert len(words) <= MOST_WORDS


def test_the_words_of_one_text_have_an_end():
    assert len(bigrams(" ".join(f"w{n}" for n in range(9000)))) == MOST_WORDS


def test_the_words_of_several_texts_are_those_of_each_and_none_that_spans_two():
    texts = ("C26-004517", "理賠", "申請書", "0912 345 678", "理賠")
    assert bigrams_of(texts) == list(dict.fromkeys(word for text in texts for word in bigrams(text)))
    assert "赔申" not in bigrams_of(texts)
    assert bigrams_of(["理賠" * 200]) == bigrams("理賠" * 200)
