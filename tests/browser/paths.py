"""Every kind of page of the example shop, as its administrator opens it: name -> path.

The budget, axe, the phone and `make shots` read this: a new kind of page gets its line here.
"""

PATHS = {
    "index": "/admin/",
    "menu": "/admin/menu",
    "search": "/admin/search?q=an",
    "list": "/admin/orderview/list/",
    "list-empty": "/admin/customerview/list/?search=nobody+of+this+name",
    "list-composite": "/admin/stocklevelview/list/",
    "list-filtered": "/admin/orderview/list/?status__in=PAID&total__gte=10",
    "filter": "/admin/orderview/filter?status__in=PAID&total__gte=10",
    "list-searched": "/admin/customerview/list/?search=an",
    "list-narrowed": "/admin/productview/list/?tags__has=1",
    "list-tags": "/admin/productview/list/",
    "show": "/admin/orderview/show/1",
    "show-long": "/admin/productview/show/1",
    "show-related": "/admin/customerview/show/7",
    "show-tabs": "/admin/countryview/show/BE",
    "add": "/admin/orderview/add",
    "edit": "/admin/productview/edit/1",
    "edit-keys": "/admin/orderview/edit/1",
    "delete": "/admin/customerview/delete/7",
    "form": "/admin/pricechangeview/form",
    "users": "/admin/users/list/",
    "user-add": "/admin/users/add",
    "roles": "/admin/roles/list/",
    "role": "/admin/roles/show/3",
    "role-add": "/admin/roles/add",
    "role-admin": "/admin/roles/edit/1",
    "role-matrix": "/admin/roles/edit/3",
    "role-public": "/admin/roles/edit/2",
    "permissions": "/admin/permissionviews/list/",
    "profile": "/admin/userinfoeditview/form",
    "password": "/admin/resetmypassword/form",
    "not-found": "/admin/nothing/here",
}
