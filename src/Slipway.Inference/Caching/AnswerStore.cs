using System.Diagnostics.CodeAnalysis;

namespace Slipway.Inference.Caching;

/// <summary>Answers within a budget of bytes; what was not used for the longest time goes first. Thread-safe.</summary>
internal sealed class AnswerStore(long maxBytes)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<CacheKey, LinkedListNode<(CacheKey Key, CachedAnswer Answer)>> _byKey = [];
    private readonly LinkedList<(CacheKey Key, CachedAnswer Answer)> _byUse = new();
    private long _bytes;

    /// <summary>Bytes kept now.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Finds an answer that has not expired at <paramref name="now"/>.</summary>
    public bool TryGet(CacheKey key, long now, [NotNullWhen(true)] out CachedAnswer? answer)
    {
        lock (_gate)
        {
            answer = null;
            if (!_byKey.TryGetValue(key, out LinkedListNode<(CacheKey Key, CachedAnswer Answer)>? node))
            {
                return false;
            }

            if (node.Value.Answer.Expiry <= now)
            {
                Remove(node);
                return false;
            }

            _byUse.Remove(node);
            _byUse.AddFirst(node);
            answer = node.Value.Answer;
            return true;
        }
    }

    /// <summary>Keeps an answer; one that is larger than the budget is not kept.</summary>
    public void Add(CacheKey key, CachedAnswer answer)
    {
        if (answer.Bytes > maxBytes)
        {
            return;
        }

        lock (_gate)
        {
            if (_byKey.TryGetValue(key, out LinkedListNode<(CacheKey Key, CachedAnswer Answer)>? before))
            {
                Remove(before);
            }

            while (_bytes + answer.Bytes > maxBytes)
            {
                Remove(_byUse.Last!);
            }

            _byKey.Add(key, _byUse.AddFirst((key, answer)));
            Volatile.Write(ref _bytes, _bytes + answer.Bytes);
        }
    }

    private void Remove(LinkedListNode<(CacheKey Key, CachedAnswer Answer)> node)
    {
        _byUse.Remove(node);
        _byKey.Remove(node.Value.Key);
        Volatile.Write(ref _bytes, _bytes - node.Value.Answer.Bytes);
    }
}
