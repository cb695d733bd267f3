"""Roles, and decisions about accounts that need no database."""

from enum import StrEnum


class Role(StrEnum):
    """What somebody is in the system."""

    ADMIN = "admin"  # quản trị
    SUPERVISOR = "supervisor"  # giám sát
    LEADER = "leader"  # tổ trưởng
    CANVASSER = "canvasser"  # cộng tác viên


STAFF = (Role.ADMIN, Role.SUPERVISOR, Role.LEADER)
EVERYBODY = tuple(Role)
