from packshot.app.workspace_file_place import NAME, run_command, run_into


def test_a_run_needs_a_source_only_where_no_workspace_file_names_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run_command() == "packshot run SOURCE"
    assert run_command("W") == "packshot run SOURCE --workspace W"
    (tmp_path / NAME).touch()
    assert run_command("W") == "packshot run"


def test_only_the_workspace_that_the_file_names_needs_no_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run_into("w") == "packshot run SOURCE --workspace w"
    (tmp_path / NAME).write_text('workspace = "w"\n', encoding="utf-8")
    assert [run_into(place, "--thorough") for place in ("w", "./w/", str(tmp_path / "w"))] == [
        "packshot run --thorough"
    ] * 3
    assert run_into("other") == "packshot run SOURCE --workspace other"
    (tmp_path / NAME).write_text("workspase = 1\n", encoding="utf-8")
    assert run_into("w") == "packshot run SOURCE --workspace w"
