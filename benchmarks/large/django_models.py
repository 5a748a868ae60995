"""Django's models of the table; imported when Django has its settings."""

from django.contrib import admin
from django.db import models

from benchmarks.large import sample


class Customer(models.Model):  # type: ignore[misc]  # the package is not installed where types are checked
    """A customer."""

    id = models.IntegerField(primary_key=True)
    name = models.CharField(max_length=50)

    class Meta:
        """The table that is there."""

        app_label = "large"
        managed = False
        db_table = "large_customer"

    def __str__(self) -> str:
        return str(self.name)


class Order(models.Model):  # type: ignore[misc]  # the package is not installed where types are checked
    """An order of a customer."""

    id = models.IntegerField(primary_key=True)
    number = models.CharField(max_length=20)
    # With choices the filter beside the list asks the database for none.
    status = models.CharField(max_length=20, choices=[(one, one) for one in sample.STATUSES])
    placed = models.DateTimeField()
    amount = models.DecimalField(max_digits=10, decimal_places=2)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE)

    class Meta:
        """The table that is there."""

        app_label = "large"
        managed = False
        db_table = "large_order"


class OrderAdmin(admin.ModelAdmin):  # type: ignore[misc]  # the package is not installed where types are checked
    """The pages that are measured."""

    list_display = ("number", "customer", "status", "placed", "amount")
    list_select_related = ("customer",)
    list_filter = ("status",)
    search_fields = ("number",)
    list_per_page = sample.PAGE_SIZE
    ordering = ("id",)
    fields = sample.FIELDS
    # Otherwise the form would offer all customers.
    autocomplete_fields = ("customer",)


class CustomerAdmin(admin.ModelAdmin):  # type: ignore[misc]  # the package is not installed where types are checked
    """What looks for customers."""

    search_fields = ("name",)
