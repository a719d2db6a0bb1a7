namespace Slipway.Sklearn.Pickle;

/// <summary>The value stack with its marks, and the account of what has been made so far.</summary>
internal sealed class PickleStack(PickleCursor cursor, PickleLimits limits)
{
    private readonly List<object?> _values = [];
    private readonly List<int> _marks = [];
    private long _bytes;

    /// <summary>The value on top.</summary>
    public object? Top => _values.Count > Floor ? _values[^1] : throw PickleException.At(cursor.Position, "a value is missing");

    private int Floor => _marks.Count > 0 ? _marks[^1] : 0;

    /// <summary>Pushes a value that takes about <paramref name="bytes"/> bytes of memory.</summary>
    public void Push(object? value, long bytes = 16)
    {
        Spend(bytes);
        _values.Add(value);
    }

    /// <summary>Counts memory against the bound.</summary>
    public void Spend(long bytes)
    {
        _bytes += bytes;
        if (_bytes > limits.MaxBytes)
        {
            throw PickleException.TooLarge($"its values need more than {limits.MaxBytes >> 20} MiB");
        }
    }

    public object? Pop()
    {
        object? value = Top;
        _values.RemoveAt(_values.Count - 1);
        return value;
    }

    public T Pop<T>(string what)
        where T : class => Pop() as T ?? throw PickleException.At(cursor.Position, $"{what} is expected");

    public void ReplaceTop(object? value)
    {
        _ = Top;
        _values[^1] = value;
    }

    public void PushMark()
    {
        Spend(16);
        _marks.Add(_values.Count);
    }

    /// <summary>Takes everything above the last mark, and the mark.</summary>
    public object?[] PopToMark()
    {
        if (_marks.Count == 0)
        {
            throw PickleException.At(cursor.Position, "a mark is missing");
        }

        int start = _marks[^1];
        _marks.RemoveAt(_marks.Count - 1);
        object?[] items = [.. _values[start..]];
        _values.RemoveRange(start, _values.Count - start);
        return items;
    }

    /// <summary>POP: drops the value on top, or the mark when that is what is on top.</summary>
    public void Drop()
    {
        if (_marks.Count > 0 && _marks[^1] == _values.Count)
        {
            _marks.RemoveAt(_marks.Count - 1);
        }
        else
        {
            Pop();
        }
    }
}
