using System.Collections.Frozen;
using Slipway.Core;
using Slipway.Security.Identity;
using Slipway.Security.Policies;

namespace Slipway.Security.Keys;

/// <summary>
/// Makes, revokes and recognises API keys. A change made here counts from the next request on; one that another process made in the same store after a second at most.
/// Thread-safe.
/// </summary>
public sealed class ApiKeys(IApiKeyStore store, RoleSet roles, TimeProvider time)
{
    private const int MostKeys = 10_000;
    private const int LongestName = 64;
    private static readonly TimeSpan Recheck = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private volatile Snapshot? _snapshot;

    /// <summary>All keys, revoked ones included, oldest first.</summary>
    /// <exception cref="SlipwayException">The store can't be read.</exception>
    public IReadOnlyList<ApiKeyRecord> List() => store.Read();

    /// <summary>Makes a key.</summary>
    /// <param name="name">What it is for: letters, digits, <c>.</c>, <c>_</c> and <c>-</c>. Two valid keys can't have one name, so that a name says who did something.</param>
    /// <param name="grants">Roles as they are written, at least one.</param>
    /// <param name="expires">From when it is of no use; null: never.</param>
    /// <param name="createdBy">Name of the caller who makes it.</param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidRequest"/>, <see cref="ErrorCode.AlreadyExists"/>.</exception>
    public NewApiKey Create(string name, IReadOnlyList<string> grants, DateTimeOffset? expires, string createdBy)
    {
        Check(name, grants, expires);
        NewApiKey? created = null;
        Update(keys => [.. keys, (created = Make(keys, name, grants, expires, createdBy)).Record]);
        return created!;
    }

    /// <summary>Makes the first key of a store that never had any; null when it has one, revoked or not.</summary>
    public NewApiKey? CreateFirst(string name)
    {
        if (store.Read().Count > 0)
        {
            return null;
        }

        NewApiKey? created = null;
        Update(keys => keys.Count > 0 ? keys : [(created = Make(keys, name, [BuiltInRoles.Admin], null, AuditEvent.SystemActor)).Record]);
        return created;
    }

    /// <summary>Makes a key useless from now on.</summary>
    /// <param name="id">Its id, or its name where one valid key has it.</param>
    /// <returns>The key as it is kept.</returns>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidRequest"/>.</exception>
    public ApiKeyRecord Revoke(string id)
    {
        DateTimeOffset now = time.GetUtcNow();
        ApiKeyRecord? found = null;
        Update(keys =>
        {
            found = keys.FirstOrDefault(key => key.Id == id) ?? keys.FirstOrDefault(key => key.Name == id && key.IsValidAt(now))
                ?? throw new SlipwayException(ErrorCode.NotFound, $"there is no valid API key with the id or name '{id}'");
            ApiKeyRecord revoked = found with { Revoked = found.Revoked ?? now };
            found = revoked;
            return [.. keys.Select(key => key.Id == revoked.Id ? revoked : key)];
        });
        return found!;
    }

    /// <summary>Whose key it is.</summary>
    /// <param name="text">What a caller sent.</param>
    /// <param name="reason">Why it is refused; tells nothing to those who don't hold the secret.</param>
    /// <returns>The caller; null when the key is refused.</returns>
    public CallerIdentity? Verify(string text, out string reason)
    {
        reason = "the API key is not valid";
        if (!ApiKeyText.TryParse(text, out string? id, out ReadOnlySpan<char> secret)
            || !Current().ById.TryGetValue(id, out KnownKey? known)
            || !ApiKeyText.Matches(secret, known.Hash))
        {
            return null;
        }

        if (known.Record.IsValidAt(time.GetUtcNow()))
        {
            return known.Caller;
        }

        reason = known.Record.Revoked is null ? "the API key has expired" : "the API key was revoked";
        return null;
    }

    /// <summary>Whether something has the form of an API key.</summary>
    public static bool IsKey(string text) => text.StartsWith(ApiKeyText.Prefix, StringComparison.Ordinal);

    private void Check(string name, IReadOnlyList<string> grants, DateTimeOffset? expires)
    {
        if (name.Length is 0 or > LongestName || !name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-'))
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, $"the name of a key has 1 to {LongestName} letters, digits, '.', '_' and '-'");
        }

        if (roles.Parse(grants).Count == 0)
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, "a key needs a role at least");
        }

        if (expires <= time.GetUtcNow())
        {
            throw new SlipwayException(ErrorCode.InvalidRequest, "the key would have expired already");
        }
    }

    private NewApiKey Make(IReadOnlyList<ApiKeyRecord> keys, string name, IReadOnlyList<string> grants, DateTimeOffset? expires, string createdBy)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (keys.Any(key => key.Name == name && key.IsValidAt(now)))
        {
            throw new SlipwayException(ErrorCode.AlreadyExists, $"there is a valid key named '{name}' already; revoke it first or choose another name");
        }

        if (keys.Count >= MostKeys)
        {
            throw new SlipwayException(ErrorCode.FailedPrecondition, $"there are {MostKeys} keys, the most there can be");
        }

        (string id, string key, string hash) = ApiKeyText.Create();
        return new NewApiKey(new ApiKeyRecord(id, name, hash, [.. grants], now, createdBy) { Expires = expires }, key);
    }

    private void Update(Func<IReadOnlyList<ApiKeyRecord>, IReadOnlyList<ApiKeyRecord>> change)
    {
        lock (_gate)
        {
            store.Update(change);
            _snapshot = null;
        }
    }

    private Snapshot Current()
    {
        Snapshot? known = _snapshot;
        long now = time.GetTimestamp();
        return known is not null && time.GetElapsedTime(known.Checked, now) < Recheck ? known : Refresh(now);
    }

    private Snapshot Refresh(long now)
    {
        lock (_gate)
        {
            // The stamp is taken first: what changes while the keys are read is found the next time.
            string stamp = store.Stamp;
            Snapshot? known = _snapshot;
            if (known?.Stamp != stamp)
            {
                known = new Snapshot(stamp, store.Read().ToFrozenDictionary(static key => key.Id, Recognise, StringComparer.Ordinal));
            }

            known.Checked = now;
            _snapshot = known;
            return known;
        }
    }

    private KnownKey Recognise(ApiKeyRecord key) =>
        new(key, Convert.FromHexString(key.Hash), new CallerIdentity("key/" + key.Name, CallerKind.Key, roles.ParseKnown(key.Grants)));

    private sealed record KnownKey(ApiKeyRecord Record, byte[] Hash, CallerIdentity Caller);

    private sealed class Snapshot(string stamp, FrozenDictionary<string, KnownKey> byId)
    {
        public string Stamp { get; } = stamp;

        public FrozenDictionary<string, KnownKey> ById { get; } = byId;

        public long Checked { get; set; }
    }
}
