"""What can be done with todos, on a real database."""

import pytest
from beanie import PydanticObjectId
from pulpo_base import invoke

from operations import todos

pytestmark = pytest.mark.usefixtures("database")


async def test_what_is_added_can_be_ticked_off() -> None:
    added = await invoke(todos.add, {"titles": ["Read the README", "Try the demo"]})
    progress = await invoke(todos.complete, {"todo_id": added.todo_ids[0]})

    assert (progress.open, progress.done) == (1, 1)


async def test_a_todo_that_is_none_is_refused() -> None:
    with pytest.raises(todos.UnknownTodoError, match="There is no todo"):
        await invoke(todos.complete, {"todo_id": PydanticObjectId()})
