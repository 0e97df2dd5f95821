from musegan.data.folder import holds_dataset, is_unfinished, shard_name


def test_a_dataset_is_unfinished_until_it_is_described(tmp_path):
    assert not holds_dataset(tmp_path)
    assert not is_unfinished(tmp_path)
    (tmp_path / shard_name(0)).write_text("")
    assert holds_dataset(tmp_path)
    assert is_unfinished(tmp_path)
    (tmp_path / "dataset.json").write_text("{}")
    assert holds_dataset(tmp_path)
    assert not is_unfinished(tmp_path)


def test_shards_are_in_the_order_of_their_names():
    names = [shard_name(number) for number in (0, 9, 10, 99_999)]
    assert names == sorted(names)
