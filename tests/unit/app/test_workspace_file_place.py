from packshot.app.workspace_file_place import NAME, run_command


def test_a_run_needs_a_source_only_where_no_workspace_file_names_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run_command() == "packshot run SOURCE"
    assert run_command("W") == "packshot run SOURCE --workspace W"
    (tmp_path / NAME).touch()
    assert run_command("W") == "packshot run"
