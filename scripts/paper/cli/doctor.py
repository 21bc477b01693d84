"""``paper doctor``: what the machine has."""

from __future__ import annotations

import typer

from paper.cli import project_root

app = typer.Typer()
GROUP = None


@app.command()
def doctor() -> None:
    """Say what the machine has, what each absence costs and how to get it; exit 3 when something needed is missing."""
    from rich.console import Console
    from rich.text import Text

    from paper.release.doctor import examine

    console = Console(highlight=False, soft_wrap=True)
    findings = examine(project_root())
    for finding in findings:
        mark, colour = (
            ("✓", "green") if finding.found else ("✗", "red") if not finding.well else ("–", "yellow")
        )
        console.print(Text(f"{mark} {finding.name:<22} ", style=colour) + Text(finding.found or finding.cost))
        if not finding.found and finding.remedy:
            console.print(Text(f"  {'':<22} → {finding.remedy}", style="dim"))
    raise typer.Exit(0 if all(finding.well for finding in findings) else 3)
