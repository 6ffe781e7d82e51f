"""The cast itself: everybody stands where the tests believe."""

from mapping.models import Area


def test_roles_become_rows(cast):
    assert cast.officer.scope.is_officer
    assert cast.kapolsek.scope.whole_paths == {cast.units.banyumanik.path}
    assert not cast.secretary.scope.posts
    assert set(Area.objects.held_by(cast.officer, cast.units.banyumanik.today())) == {cast.areas["33.74.11.1004"], cast.areas["33.74.11.1003"]}
