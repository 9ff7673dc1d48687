from allauth.account import views as account
from allauth.socialaccount import views as social
from allauth.usersessions import views as sessions
from django.urls import include, path, re_path

from recognition.sign_in import views

urlpatterns = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("invitation/<str:secret>/", views.invitation, name="invitation"),
    path("account/", views.own_account, name="own_account"),
    path("account/inactive/", account.account_inactive, name="account_inactive"),
    path("account/again/", account.reauthenticate, name="account_reauthenticate"),
    path("account/oidc/", include("allauth.socialaccount.providers.openid_connect.urls")),
    path("account/oidc/cancelled", social.login_cancelled, name="socialaccount_login_cancelled"),
    path("account/oidc/failed", social.login_error, name="socialaccount_login_error"),
    path("account/factors/", include("allauth.mfa.urls")),
    path("account/sessions/", sessions.list_usersessions, name="usersessions_list"),
    path("account/sessions/<int:session>/end/", views.end_session, name="end_session"),
    path("account/password/", account.password_change, name="account_change_password"),
    path("account/password/set/", account.password_set, name="account_set_password"),
    path("account/reset/", account.password_reset, name="account_reset_password"),
    path("account/reset/sent/", account.password_reset_done, name="account_reset_password_done"),
    path(
        "account/reset/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^account/reset/(?P<uidb36>[0-9A-Za-z]{1,13})-(?P<key>[^/]{1,100})/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
]
