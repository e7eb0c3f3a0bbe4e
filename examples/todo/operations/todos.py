from beanie import PydanticObjectId
from pulpo_base import operation
from pulpo_utils.exceptions import ValidationError
from pydantic import BaseModel, Field

from models.todo import Todo


class UnknownTodoError(ValidationError):
    code = "unknown_todo"
    http_status = 404


class NewTodos(BaseModel):
    titles: list[str] = Field(min_length=1)


class AddedTodos(BaseModel):
    todo_ids: list[PydanticObjectId]


class TodoId(BaseModel):
    todo_id: PydanticObjectId


class Progress(BaseModel):
    open: int
    done: int


@operation(name="todos.add", models_out=[Todo])
async def add(new: NewTodos) -> AddedTodos:
    """Write down one or several todos."""
    added = await Todo.insert_many([Todo(title=title) for title in new.titles])
    return AddedTodos(todo_ids=added.inserted_ids)


@operation(name="todos.progress", models_in=[Todo])
async def progress() -> Progress:
    """Count what is open and what is done."""
    done = await Todo.find({"done": True}).count()
    return Progress(open=await Todo.count() - done, done=done)


@operation(name="todos.complete", models_in=[Todo], models_out=[Todo], in_flow=False)
async def complete(todo: TodoId) -> Progress:
    """Tick a todo off.

    Raises:
        UnknownTodoError: There is no such todo.
    """
    found = await Todo.get(todo.todo_id)
    if found is None:
        raise UnknownTodoError(f"There is no todo {todo.todo_id}; add it first.")
    await found.set({Todo.done: True})
    return await progress()
