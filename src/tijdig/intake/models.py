"""Imports, their sources and what was wrong with them."""

from django.db import models

from tijdig.tenants.models import Scoped
from tijdig.tenants.references import Reference


class Source(Scoped):
    """Where lists come from: the shape of the file, and how its columns were read last time.

    `ended_on` is the day on which a person said that no more lists of it come. `asked_import_id`
    is a list that came back and of which nobody said yet whether it is of today.
    """

    key = models.CharField(max_length=100)
    format = models.CharField(max_length=20)
    mapping = models.JSONField(default=dict)
    full_list = models.BooleanField(default=False)
    ended_on = models.DateField(null=True, blank=True)
    asked_import_id = models.UUIDField(null=True, blank=True)

    class Meta:
        app_label = "tijdig"
        constraints = (
            models.UniqueConstraint(fields=("administration", "key"), name="source_once"),
        )

    def __str__(self) -> str:
        return self.key


class Import(Scoped):
    """One file that was offered, and what became of it."""

    file_name = models.CharField(max_length=255)
    content_hash = models.CharField(max_length=64)
    format = models.CharField(max_length=20)
    as_of = models.DateField()
    at = models.DateTimeField()
    actor = models.CharField(max_length=100)
    new_count = models.PositiveIntegerField(default=0)
    changed_count = models.PositiveIntegerField(default=0)
    unchanged_count = models.PositiveIntegerField(default=0)
    rejected_count = models.PositiveIntegerField(default=0)
    settled_count = models.PositiveIntegerField(default=0)
    statement_count = models.PositiveIntegerField(default=0)
    line_count = models.PositiveIntegerField(default=0)
    new_line_count = models.PositiveIntegerField(default=0)

    class Meta:
        app_label = "tijdig"
        indexes = (
            models.Index(fields=("administration", "-at"), name="import_by_moment"),
            models.Index(fields=("administration", "content_hash"), name="import_by_hash"),
        )

    def __str__(self) -> str:
        return self.file_name


class ImportProblem(Scoped):
    """One thing that was wrong in a file, with its place, in both languages."""

    of_import = Reference(Import)
    place = models.CharField(max_length=300)
    because_nl = models.TextField()
    because_en = models.TextField()
    severity = models.CharField(max_length=10)
    position = models.PositiveIntegerField()

    class Meta:
        app_label = "tijdig"
        indexes = (
            models.Index(fields=("administration", "of_import"), name="importproblem_by_import"),
        )

    def __str__(self) -> str:
        return self.place
