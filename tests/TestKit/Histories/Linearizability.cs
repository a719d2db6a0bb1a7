using System.Collections;

namespace Slipway.TestKit.Histories;

/// <summary>
/// Whether a concurrent history of aliases is linearizable (Herlihy and Wing, 1990): whether every operation can be thought to happen in one moment between its begin and its answer. The
/// search is that of Wing and Gong (1993) with Lowe's memory of positions that were tried (2017): a set of operations done, and the state after them. Each alias is checked alone, which
/// says as much as checking all together, since linearizability is local.
/// </summary>
/// <remarks>
/// An operation without an answer may happen at any later time or never, so it is thought to happen as late as possible: right before an answered one that would not fit otherwise. Any
/// order can be brought into this form, and the search is spared every place where it would make no difference.
/// </remarks>
public static class Linearizability
{
    /// <summary>The first alias whose history has no such order, with that history in order of time; null when all have one.</summary>
    public static (string Alias, IReadOnlyList<AliasOperation> History)? FindViolation(IEnumerable<AliasOperation> history)
    {
        foreach (IGrouping<string, AliasOperation> alias in history.GroupBy(static operation => operation.Alias))
        {
            AliasOperation[] operations = [.. alias.OrderBy(static operation => operation.Began)];
            if (!new Search(operations).HasOrder())
            {
                return (alias.Key, operations);
            }
        }

        return null;
    }

    private sealed class Search
    {
        private readonly AliasOperation[] _operations;
        private readonly int[] _unanswered;
        private readonly BitArray _done;
        private readonly Event _first = new(-1, 0, isCall: false);
        private int _left;

        public Search(AliasOperation[] operations)
        {
            _operations = operations;
            _done = new BitArray(operations.Length);
            _unanswered = [.. Enumerable.Range(0, operations.Length).Where(index => operations[index] is { Ended: null, Kind: not AliasAction.Read })];
            List<Event> events = [];
            for (int index = 0; index < operations.Length; index++)
            {
                if (operations[index].Ended is { } ended)
                {
                    Event answer = new(index, ended, isCall: false);
                    events.Add(new Event(index, operations[index].Began, isCall: true) { Answer = answer });
                    events.Add(answer);
                    _left++;
                }
            }

            // At the same time, calls come before answers: then the two are concurrent, which allows more.
            Event previous = _first;
            foreach (Event item in events.OrderBy(static item => item.Time).ThenBy(static item => !item.IsCall))
            {
                previous.Next = item;
                item.Previous = previous;
                previous = item;
            }
        }

        public bool HasOrder()
        {
            HashSet<Position> tried = [];
            Stack<(IEnumerator<Step> Others, Step Taken)> order = [];
            IEnumerator<Step> steps = StepsFrom(0).GetEnumerator();
            while (_left > 0)
            {
                if (!steps.MoveNext())
                {
                    if (order.Count == 0)
                    {
                        return false;
                    }

                    (steps, Step last) = order.Pop();
                    Mark(last, false);
                    last.Call.PutBack();
                    _left++;
                    continue;
                }

                Step step = steps.Current;
                Mark(step, true);
                if (!tried.Add(new Position(_done, step.After)))
                {
                    Mark(step, false);
                    continue;
                }

                step.Call.TakeOut();
                _left--;
                order.Push((steps, step));
                steps = StepsFrom(step.After).GetEnumerator();
            }

            return true;
        }

        private void Mark(Step step, bool done)
        {
            _done[step.Call.Operation] = done;
            foreach (int index in step.Before)
            {
                _done[index] = done;
            }
        }

        // What can happen next: a call that comes before every answer whose call has not happened.
        private IEnumerable<Step> StepsFrom(long state)
        {
            Event? answer = _first.Next;
            while (answer is { IsCall: true })
            {
                answer = answer.Next;
            }

            // One that fits and changes nothing can as well happen now: no order is lost, and no other need be tried. Unless it would change something at another time: that may be needed.
            for (Event? call = _first.Next; call is { IsCall: true }; call = call.Next)
            {
                if (_operations[call.Operation] is { HasOneEffect: true } operation && operation.CanFollow(state, out long same) && same == state)
                {
                    yield return new Step(call, [], state);
                    yield break;
                }
            }

            for (Event? call = _first.Next; call is { IsCall: true }; call = call.Next)
            {
                if (_operations[call.Operation].CanFollow(state, out long after))
                {
                    yield return new Step(call, [], after);
                    continue;
                }

                foreach ((int[] before, long reached) in Detours(state, _operations[call.Operation], answer!.Time, [], [state]))
                {
                    yield return new Step(call, before, reached);
                }
            }
        }

        // Unanswered operations, one after another, that lead to where the wanted one fits. Of two that are alike one is as good as the other.
        private IEnumerable<(int[] Before, long After)> Detours(long state, AliasOperation wanted, long horizon, int[] taken, long[] passed)
        {
            HashSet<(AliasAction, long?, long)> alike = [];
            foreach (int index in _unanswered)
            {
                AliasOperation detour = _operations[index];
                if (detour.Began > horizon)
                {
                    yield break;
                }

                if (_done[index] || taken.Contains(index) || !detour.CanFollow(state, out long reached) || passed.Contains(reached)
                    || !alike.Add((detour.Kind, detour.Expected, detour.Target)))
                {
                    continue;
                }

                if (wanted.CanFollow(reached, out long after))
                {
                    yield return ([.. taken, index], after);
                    continue;
                }

                foreach ((int[], long) further in Detours(reached, wanted, horizon, [.. taken, index], [.. passed, reached]))
                {
                    yield return further;
                }
            }
        }
    }

    /// <param name="Call">What happens.</param>
    /// <param name="Before">Unanswered operations that happen right before it.</param>
    /// <param name="After">Where the alias points then.</param>
    private sealed record Step(Event Call, int[] Before, long After);

    /// <summary>A begin or an answer in a doubly linked list, as it can be taken out and put back in its place in no time.</summary>
    private sealed class Event(int operation, long time, bool isCall)
    {
        public int Operation { get; } = operation;

        public long Time { get; } = time;

        public bool IsCall { get; } = isCall;

        public Event? Answer { get; set; }

        public Event? Previous { get; set; }

        public Event? Next { get; set; }

        public void TakeOut()
        {
            Unlink();
            Answer?.Unlink();
        }

        public void PutBack()
        {
            Answer?.Link();
            Link();
        }

        private void Unlink()
        {
            Previous!.Next = Next;
            if (Next is not null)
            {
                Next.Previous = Previous;
            }
        }

        private void Link()
        {
            Previous!.Next = this;
            if (Next is not null)
            {
                Next.Previous = this;
            }
        }
    }

    private readonly struct Position : IEquatable<Position>
    {
        private readonly int[] _done;
        private readonly long _state;
        private readonly int _hash;

        public Position(BitArray done, long state)
        {
            _done = new int[(done.Length + 31) / 32];
            done.CopyTo(_done, 0);
            _state = state;
            HashCode hash = default;
            hash.Add(state);
            foreach (int word in _done)
            {
                hash.Add(word);
            }

            _hash = hash.ToHashCode();
        }

        public bool Equals(Position other) => _state == other._state && _done.AsSpan().SequenceEqual(other._done);

        public override bool Equals(object? obj) => obj is Position other && Equals(other);

        public override int GetHashCode() => _hash;
    }
}
