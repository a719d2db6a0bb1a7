using static Slipway.Sklearn.Pickle.PickleOpcode;

namespace Slipway.Sklearn.Pickle;

/// <summary>Opcodes that make and fill tuples, lists, dicts and sets, and those that move the stack.</summary>
internal sealed class PickleContainers(PickleCursor cursor, PickleStack stack)
{
    /// <summary>Carries out the opcode if it is one of these.</summary>
    public bool TryRead(byte opcode)
    {
        switch (opcode)
        {
            case EmptyTuple: stack.Push(PickleTuple.Empty); return true;
            case EmptyList: stack.Push(new PickleList(), 128); return true;
            case EmptyDict: stack.Push(new PickleDict(), 200); return true;
            case EmptySet: stack.Push(new PickleSet(), 64); return true;
            case Mark: stack.PushMark(); return true;
            case Pop: stack.Drop(); return true;
            case PopMark: stack.PopToMark(); return true;
            case Dup: stack.Push(stack.Top); return true;
            case PickleOpcode.Tuple: PushTuple(stack.PopToMark()); return true;
            case Tuple1: PushTuple([stack.Pop()]); return true;
            case Tuple2: PushTuple(PopTwo()); return true;
            case Tuple3: PushTuple(PopThree()); return true;
            case PickleOpcode.List: PushList(stack.PopToMark()); return true;
            case PickleOpcode.Dict: PushDict(stack.PopToMark()); return true;
            case FrozenSet: PushSet(stack.PopToMark()); return true;
            case Append: Extend([stack.Pop()]); return true;
            case Appends: Extend(stack.PopToMark()); return true;
            case SetItem: SetEntries(PopTwo()); return true;
            case SetItems: SetEntries(stack.PopToMark()); return true;
            case AddItems: AddToSet(stack.PopToMark()); return true;
            default: return false;
        }
    }

    private void PushTuple(object?[] items) => stack.Push(new PickleTuple(items), 48 + (8L * items.Length));

    private void PushList(object?[] items)
    {
        stack.Push(new PickleList(), 128);
        Extend(items);
    }

    private void PushDict(object?[] items)
    {
        stack.Push(new PickleDict(), 200);
        SetEntries(items);
    }

    private void PushSet(object?[] items)
    {
        stack.Push(new PickleSet(), 64);
        AddToSet(items);
    }

    private object?[] PopTwo()
    {
        object? second = stack.Pop();
        return [stack.Pop(), second];
    }

    private object?[] PopThree()
    {
        object? third = stack.Pop();
        object? second = stack.Pop();
        return [stack.Pop(), second, third];
    }

    private void Extend(object?[] items)
    {
        stack.Spend(8L * items.Length);
        PickleList list = stack.Top switch
        {
            PickleList plain => plain,
            PickleObject target => target.Items ??= new PickleList(),
            _ => throw PickleException.At(cursor.Position, "items are appended to something that is not a list"),
        };
        list.Items.AddRange(items);
    }

    private void SetEntries(object?[] items)
    {
        if (items.Length % 2 != 0)
        {
            throw PickleException.At(cursor.Position, "a key has no value");
        }

        stack.Spend(40L * items.Length);
        PickleDict dict = stack.Top switch
        {
            PickleDict plain => plain,
            PickleObject target => target.Entries ??= new PickleDict(),
            _ => throw PickleException.At(cursor.Position, "entries are set in something that is not a dict"),
        };
        for (int i = 0; i < items.Length; i += 2)
        {
            dict.Set(items[i], items[i + 1]);
        }
    }

    private void AddToSet(object?[] items)
    {
        stack.Spend(8L * items.Length);
        (stack.Top as PickleSet ?? throw PickleException.At(cursor.Position, "items are added to something that is not a set")).Items.AddRange(items);
    }
}
