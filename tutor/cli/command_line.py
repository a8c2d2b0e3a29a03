"""The commands and their arguments, with help in the learner's language."""

from collections.abc import Callable, Sequence
from typing import Any

import click
from click.shell_completion import CompletionItem

from tutor import __version__
from tutor.cli.named_lessons import folder_named
from tutor.cli.options import Options, collect_options, shared_options
from tutor.folders.locate import lesson_ids
from tutor.text import Language, msg, say

Run = Callable[..., int]


# What a command is for, and examples of it.
_TEXTS = {
    "tutor": ("cli.about-tutor", "cli.examples-tutor"),
    "open": ("cli.about-open", "cli.examples-open"),
    "list": ("cli.about-list", "cli.examples-list"),
    "solve": ("cli.about-solve", "cli.examples-solve"),
    "grade": ("cli.about-grade", "cli.examples-grade"),
    "check": ("authoring.about-check", "authoring.examples-check"),
    "preview": ("authoring.about-preview", "authoring.examples-preview"),
    "new": ("authoring.about-new", "authoring.examples-new"),
    "slips": ("cli.about-slips", "cli.examples-slips"),
    "code": ("cli.about-code", "cli.examples-code"),
    "completion": ("cli.about-completion", "cli.examples-completion"),
}

COMMANDS = frozenset(_TEXTS) - {"tutor", "open"}


def command_line(language: Language) -> click.Group:
    """`tutor` with all its commands; each returns the exit status."""
    shell = click.Argument(["shell"], type=click.Choice(("bash", "zsh", "fish")))
    group = _Tutor("tutor", language)
    group.add_command(_Command("open", language, _open, [_LessonArgument(["lesson"])], hidden=True))
    group.add_command(_Command("list", language, _list, [_folder(), _json(language)]))
    group.add_command(_Command("solve", language, _solve, [_lesson(), _json(language)]))
    group.add_command(_Command("grade", language, _grade, _grade_arguments(language)))
    slips = click.Argument(["op"], required=False, metavar="[OP]")
    group.add_command(_Command("slips", language, _slips, [slips, _json(language)]))
    group.add_command(_Command("code", language, _code, [_lesson()]))
    group.add_command(_Command("check", language, _check, [*_check_arguments(), _json(language), _cluster(language)]))
    group.add_command(_Command("preview", language, _preview, [_PreviewArgument(["file"], metavar="FILE")]))
    group.add_command(_Command("new", language, _new, _new_arguments(language)))
    group.add_command(_Command("completion", language, _completion, [shell]))
    return group


# What each command does. Nothing is imported before it is needed: the first screen must be quick.


def _open(options: Options, lesson: str | None = None) -> int:
    from tutor.cli.open_command import open_tutor

    return open_tutor(lesson, options)


def _list(options: Options, folder: str | None, json: bool) -> int:
    from tutor.cli.list_command import print_list

    return print_list(options, None if folder is None else folder_named(folder), as_json=json)


def _solve(options: Options, lesson: str, json: bool) -> int:
    from tutor.cli.solve_command import print_solution

    return print_solution(lesson, options, as_json=json)


def _grade(
    options: Options, lesson: str, answers: Sequence[str], format: str | None, json: bool, cluster: str | None
) -> int:
    from tutor.cli.grade_command import print_grades

    return print_grades(lesson, answers, options, form=format or ("json" if json else "table"), cluster=cluster)


def _slips(options: Options, op: str | None, json: bool) -> int:
    from tutor.cli.slips_command import print_slips

    return print_slips(op, options, as_json=json)


def _code(options: Options, lesson: str) -> int:
    from tutor.cli.code_command import print_code

    return print_code(lesson, options)


def _check(options: Options, paths: Sequence[str], json: bool, cluster: str | None) -> int:
    from tutor.cli.check_command import check

    return check(paths, options, as_json=json, cluster=cluster)


def _preview(options: Options, file: str) -> int:
    from tutor.cli.preview_command import preview

    return preview(file, options)


def _new(options: Options, name: str, formulas: str | None, python: str | None, **more: str | None) -> int:
    from tutor.cli.new_command import LessonSource, create

    shapes, sizes = more["shapes"] or "", more["sizes"] or ""
    return create(
        name, LessonSource(formulas, python, more["function"], shapes, sizes, more["output"]), options, COMMANDS
    )


def _completion(options: Options, shell: str) -> int:
    from click.shell_completion import get_completion_class

    completion = get_completion_class(shell)
    assert completion is not None
    print(completion(command_line(options.language), {}, "tutor", "_TUTOR_COMPLETE").source())
    return 0


# Arguments


class _LessonArgument(click.Argument):
    """A lesson by its id or by the path of its file."""

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Lessons of the course, else files."""
        return _lesson_items(incomplete) or [CompletionItem(incomplete, type="file")]


class _PreviewArgument(click.Argument):
    """A file that somebody is writing, or a lesson of the course by its id."""

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Files first, since authors name those; ids where one has begun."""
        lessons = _lesson_items(incomplete) if incomplete else []
        return lessons or [CompletionItem(incomplete, type="file")]


def _lesson_items(incomplete: str) -> list[CompletionItem]:
    return [CompletionItem(id) for id in lesson_ids() if id.startswith(incomplete) and id.isprintable()]


def _lesson() -> click.Parameter:
    return _LessonArgument(["lesson"], metavar="LESSON")


def _folder() -> click.Parameter:
    return click.Argument(["folder"], required=False, type=click.Path(readable=False), metavar="[FOLDER]")


def _json(language: Language) -> click.Parameter:
    return click.Option(["--json"], is_flag=True, help=say(msg("cli.option-json"), language))


def _grade_arguments(language: Language) -> list[click.Parameter]:
    form = click.Choice(("table", "json", "csv"))
    return [
        _lesson(),
        click.Argument(["answers"], nargs=-1, required=True, type=click.Path(readable=False), metavar="ANSWERS..."),
        click.Option(["--format"], type=form, help=say(msg("cli.option-format"), language)),
        _json(language),
        _cluster(language),
    ]


def _cluster(language: Language) -> click.Parameter:
    return click.Option(["--cluster"], metavar="ADDRESS", help=say(msg("cli.option-cluster"), language))


def _check_arguments() -> list[click.Parameter]:
    return [click.Argument(["paths"], nargs=-1, required=True, type=click.Path(readable=False), metavar="PATH...")]


def _new_arguments(language: Language) -> list[click.Parameter]:
    def option(id: str, *names: str, metavar: str) -> click.Option:
        return click.Option(names, metavar=metavar, help=say(msg(id), language))

    return [
        click.Argument(["name"], metavar="NAME"),
        option("authoring.option-from", "--from", "formulas", metavar="FORMULAS"),
        option("authoring.option-from-python", "--from-python", "python", metavar="FILE"),
        option("authoring.option-function", "--function", metavar="NAME"),
        option("authoring.option-output", "--output", metavar="NAMES"),
        option("authoring.option-shapes", "--shapes", metavar="SHAPES"),
        option("authoring.option-sizes", "--sizes", metavar="SIZES"),
    ]


# Help


class _Helpful(click.Command):
    """A command whose help has a sentence, usage, commands, options and examples, all in one language."""

    language: Language
    about: str
    examples: str

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """What it is for, how it is called, and what people call it with."""
        formatter.width = min(formatter.width, 100) if self.language == "en" else 60
        formatter.write_text(self._say(self.about))
        formatter.write_paragraph()
        pieces = " ".join(self.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, pieces, prefix=self._say("cli.heading-usage"))
        self.format_options(ctx, formatter)
        examples = self._say(self.examples)
        with formatter.section(self._say("cli.heading-examples")):
            formatter.write("".join(f"  {line}".rstrip() + "\n" for line in examples.splitlines()))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Commands, if there are any, then options."""
        commands = [
            (name, self._say(command.about))
            for name, command in getattr(self, "commands", {}).items()
            if isinstance(command, _Helpful) and not command.hidden
        ]
        shown = [param for param in self.get_params(ctx) if isinstance(param, click.Option)]
        options = [record for option in shown if (record := option.get_help_record(ctx)) is not None]
        for heading, rows in (("cli.heading-commands", commands), ("cli.heading-options", options)):
            if rows:
                with formatter.section(self._say(heading)):
                    formatter.write_dl(rows)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """`--help`, described in the learner's language."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = self._say("cli.option-help")
        return option

    def _say(self, id: str) -> str:
        return say(msg(id), self.language)


class _Command(_Helpful):
    """One command; `run` gets the shared options and the command's own arguments."""

    def __init__(
        self,
        name: str,
        language: Language,
        run: Run,
        params: list[click.Parameter],
        hidden: bool = False,
    ) -> None:
        own = {param.name for param in params}

        def callback(**given: Any) -> int:
            options = collect_options(click.get_current_context())
            return run(options, **{name: value for name, value in given.items() if name in own})

        super().__init__(name, params=[*params, *shared_options(language)], callback=callback, hidden=hidden)
        self.language = language
        self.about, self.examples = _TEXTS[name]


class _Tutor(_Helpful, click.Group):
    """The command itself: what is no command is a lesson."""

    def __init__(self, name: str, language: Language) -> None:
        version = click.Option(
            ["--version"],
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=_print_version,
            help=say(msg("cli.option-version"), language),
        )
        super().__init__(
            name,
            params=[*shared_options(language), version],
            callback=_open_course,
            invoke_without_command=True,
            subcommand_metavar=f"[{say(msg('cli.metavar'), language)}]",
        )
        self.language = language
        self.about, self.examples = _TEXTS[name]

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """A command by its name; anything else opens a lesson."""
        if args[0] in self.commands and args[0] != "open":
            return args[0], self.commands[args[0]], args[1:]
        return "open", self.commands["open"], args

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Commands and lessons."""
        return [*super().shell_complete(ctx, incomplete), *_lesson_items(incomplete)]


def _open_course(**given: Any) -> int:
    context = click.get_current_context()
    return _open(collect_options(context)) if context.invoked_subcommand is None else 0


def _print_version(context: click.Context, option: click.Parameter, wanted: bool) -> None:
    if wanted and not context.resilient_parsing:
        print(f"tutor {__version__}")
        context.exit()
