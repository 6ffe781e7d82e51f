"""Pages of invitations: handing them out, and the public door through which a member makes an account."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.db import IntegrityError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from fkpm import joining
from fkpm.forms_joining import LONGEST_CODE, CodeForm, JoiningForm
from fkpm.models import Forum, Invitation, Position
from fkpm.models.invitations import plain
from fkpm.views.forums import managed_forum
from polmas.people.models import Device, Zone
from polmas.people.remembering import confirm_password

BACKEND = "django.contrib.auth.backends.ModelBackend"
MOST_AT_ONCE = 60


@never_cache
def invitation_list(request, uuid):
    """Who has no account yet, and whether an invitation waits; those that are ticked get one, shown this once."""
    forum = managed_forum(request, uuid)
    members = list(joining.to_invite(forum))
    if request.method == "POST":
        ticked = set(request.POST.getlist("member"))
        chosen = [member for member in members if str(member.pk) in ticked][:MOST_AT_ONCE]
        if chosen:
            slips = [joining.slip_of(member, request.user) for member in chosen]
            return render(request, "fkpm/invitation_slips.html", {"forum": forum, "slips": slips})
        messages.error(request, _("Tick at least one member."))
    waiting = Invitation.objects.filter(member__in=members, used_at=None, revoked_at=None).select_related("created_by")
    by_member = {invitation.member_id: invitation for invitation in waiting}
    context = {
        "forum": forum,
        "lines": [(member, by_member.get(member.pk)) for member in members],
        "with_account": forum.active_members().exclude(user=None).count(),
    }
    return render(request, "fkpm/invitation_list.html", context)


@require_POST
def invitation_revoke(request, uuid, pk):
    """Takes a code back that was not used yet."""
    forum = managed_forum(request, uuid)
    get_object_or_404(Invitation.objects.filter(member__forum=forum), pk=pk).revoke()
    messages.success(request, _("The invitation is revoked: its code opens nothing any more."))
    return redirect("fkpm:invitation_list", uuid=uuid)


@login_not_required
@never_cache
def invitation_open(request):
    """Where somebody types the code of a slip."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and (code := plain(form.cleaned_data["code"]).replace("/", "")):
        return redirect("fkpm:invitation_accept", code=code)
    return render(request, "fkpm/invitation_open.html", {"form": form})


@login_not_required
@never_cache
def invitation_accept(request, code):
    """Makes the account of whoever holds a good code, and signs them in. Every other code looks the same."""
    if joining.is_locked(request):
        return _locked(request)
    try:
        invitation = joining.invitation_of(code)
        if request.user.is_authenticated:
            return _joined(request, code, invitation)
        return _registered(request, code, invitation)
    except joining.CodeError:
        joining.note_guess(request)
        return render(request, "fkpm/invitation_open.html", {"form": CodeForm(initial={"code": code[:LONGEST_CODE]}), "is_refused": True}, status=404)


def _registered(request, code, invitation):
    form = JoiningForm(request.POST or None, initial={"name": invitation.member.name})
    if request.method == "POST" and form.is_valid():
        try:
            member = joining.join(code, form.person())
        except IntegrityError:
            form.add_error("username", _("This user name is taken."))
        else:
            login(request, form.instance, backend=BACKEND)
            Device.objects.sign_in(request)
            confirm_password(request)
            messages.success(request, _("Welcome. From now on you sign in as %(name)s.") % {"name": form.instance.username})
            return _welcomed(request, member)
    return render(request, "fkpm/invitation_accept.html", {"form": form, "invitation": invitation, "member": invitation.member})


def _welcomed(request, member):
    """To the forum; whoever takes office later reads it from that day on."""
    if Forum.objects.for_user(request.user).filter(pk=member.forum_id).exists():
        return redirect("fkpm:forum_detail", uuid=member.forum.uuid)
    messages.info(request, _("You take office on %(day)s; from then on you read what the forum records.") % {"day": f"{member.starts_on:%d-%m-%Y}"})
    return redirect(settings.LOGIN_REDIRECT_URL)


def _joined(request, code, invitation):
    """Somebody signed in already: one person keeps one account, also in a second forum. Police join as the Polmas officer alone."""
    may_join = not request.user.scope.posts or invitation.member.position == Position.PETUGAS_POLMAS
    reason = joining.kept_out(request.user)
    if request.method == "POST" and not reason:
        if not may_join:
            raise Http404
        member = joining.join(code, request.user)
        messages.success(request, _("You belong to %s now, with the account that you have.") % member.forum)
        return _welcomed(request, member)
    context = {"invitation": invitation, "member": invitation.member, "may_join": may_join and not reason, "reason": reason}
    return render(request, "fkpm/invitation_accept.html", context)


def _locked(request):
    """Which forum the code is of is not looked up: it would tell a good code from a wrong one while codes are being guessed."""
    until = Zone.clocks(timezone.now() + joining.LOCKED_FOR)
    told = _("Too many wrong codes. Try again after %(time)s, or ask the forum for a new invitation.") % {"time": until}
    return render(request, "fkpm/invitation_open.html", {"form": CodeForm(), "locked_out": told}, status=429)
