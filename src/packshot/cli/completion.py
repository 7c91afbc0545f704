"""`packshot completion`: what makes a shell complete commands, options, and the ids of checks, policies and tables."""

from __future__ import annotations

import click

from packshot.cli.show import say

SHELLS = ("bash", "zsh", "fish")
_LINES = {
    "bash": 'eval "$(packshot completion bash)"   # in ~/.bashrc; bash 4.4 or later',
    "zsh": 'eval "$(packshot completion zsh)"    # in ~/.zshrc, after compinit',
    "fish": "packshot completion fish > ~/.config/fish/completions/packshot.fish",
}


@click.command()
@click.argument("shell", type=click.Choice(SHELLS))
def completion(shell: str) -> None:
    r"""Print the script that makes SHELL complete packshot's commands, options, policies, checks and tables.

    bash: eval "$(packshot completion bash)" in ~/.bashrc. zsh: the same with zsh, in ~/.zshrc after compinit. fish:
    packshot completion fish > ~/.config/fish/completions/packshot.fish
    """
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    if kind is None:
        raise click.UsageError(f"There is no completion for {shell}.")
    root = click.get_current_context().find_root().command
    say(kind(root, {}, "packshot", "_PACKSHOT_COMPLETE").source())
    say(f"# {_LINES[shell]}")
