namespace Slipway.Traffic.Rollouts;

/// <summary>
/// Who answered which request, the latest so many of them. Each answer is given out once, so that a report that comes again counts once. A key that stands for answers of different
/// steps or versions says nothing about any of them, unless the latest is meant. Not thread-safe.
/// </summary>
/// <param name="most">Answers that are remembered.</param>
/// <param name="meansLatest">Whether a key stands for its latest answer.</param>
internal sealed class AnswerMemory(int most, bool meansLatest)
{
    private readonly Dictionary<ulong, Entry> _entries = [];
    private readonly Queue<(ulong Key, long Number)> _order = new();
    private long _next;

    /// <summary>Remembers an answer.</summary>
    /// <param name="key">Hash of what reports will name.</param>
    /// <param name="answer">Who answered.</param>
    public void Add(ulong key, Answer answer)
    {
        bool isAmbiguous = !meansLatest && _entries.TryGetValue(key, out Entry known) && (known.State == EntryState.Ambiguous || known.Answer != answer);
        _entries[key] = new Entry(answer, isAmbiguous ? EntryState.Ambiguous : EntryState.Open, _next);
        _order.Enqueue((key, _next++));
        while (_order.Count > most)
        {
            (ulong oldest, long number) = _order.Dequeue();
            if (_entries.TryGetValue(oldest, out Entry entry) && entry.Number == number)
            {
                _entries.Remove(oldest);
            }
        }
    }

    /// <summary>Gives an answer out.</summary>
    /// <param name="key">What a report names.</param>
    /// <param name="answer">Who answered; null when that was given out before.</param>
    /// <returns>Whether the key stands for an answer.</returns>
    public bool TryTake(ulong key, out Answer? answer)
    {
        answer = null;
        if (!_entries.TryGetValue(key, out Entry entry) || entry.State == EntryState.Ambiguous)
        {
            return false;
        }

        answer = entry.State == EntryState.Open ? entry.Answer : null;
        _entries[key] = entry with { State = EntryState.Taken };
        return true;
    }

    private readonly record struct Entry(Answer Answer, EntryState State, long Number);

    private enum EntryState
    {
        Open,
        Taken,
        Ambiguous,
    }
}

/// <summary>Who answered a request.</summary>
/// <param name="Step">Position of the step.</param>
/// <param name="IsNew">Whether it was the new version.</param>
internal sealed record Answer(int Step, bool IsNew);
