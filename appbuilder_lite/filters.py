"""The filters for `base_filters` and for lists, under Flask-AppBuilder's names."""

from appbuilder_lite.data.filters import BaseFilter as BaseFilter
from appbuilder_lite.data.filters import FilterContains as FilterContains
from appbuilder_lite.data.filters import FilterEndsWith as FilterEndsWith
from appbuilder_lite.data.filters import FilterEqual as FilterEqual
from appbuilder_lite.data.filters import FilterEqualFunction as FilterEqualFunction
from appbuilder_lite.data.filters import FilterGreater as FilterGreater
from appbuilder_lite.data.filters import FilterIn as FilterIn
from appbuilder_lite.data.filters import FilterInFunction as FilterInFunction
from appbuilder_lite.data.filters import FilterNotContains as FilterNotContains
from appbuilder_lite.data.filters import FilterNotEndsWith as FilterNotEndsWith
from appbuilder_lite.data.filters import FilterNotEqual as FilterNotEqual
from appbuilder_lite.data.filters import FilterNotIn as FilterNotIn
from appbuilder_lite.data.filters import FilterNotStartsWith as FilterNotStartsWith
from appbuilder_lite.data.filters import FilterRelationManyToManyEqual as FilterRelationManyToManyEqual
from appbuilder_lite.data.filters import FilterRelationOneToManyEqual as FilterRelationOneToManyEqual
from appbuilder_lite.data.filters import FilterRelationOneToManyNotEqual as FilterRelationOneToManyNotEqual
from appbuilder_lite.data.filters import FilterSmaller as FilterSmaller
from appbuilder_lite.data.filters import FilterStartsWith as FilterStartsWith
from appbuilder_lite.data.filters import filters_for as filters_for
from appbuilder_lite.data.filters import register as register
from appbuilder_lite.data.types import Cardinality as Cardinality
from appbuilder_lite.data.types import Kind as Kind
