using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Slipway.Core;

namespace Slipway.Security.Auditing;

/// <summary>
/// Puts denied attempts into the audit log. Somebody who hammers on the door fills no disk: of the same actor, address and action only some attempts a minute are kept one by
/// one, and the next one kept says how many were left out. Thread-safe.
/// </summary>
public sealed partial class DeniedAttempts(IAuditSink sink, TimeProvider time, ILogger<DeniedAttempts> logger)
{
    private const int KeptPerMinute = 20;
    private const int MostSources = 4096;
    private const int LongestName = 200;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<(string Actor, string? Address, string Action), Source> _sources = new();

    /// <summary>Keeps one attempt. A sink that fails is logged: the attempt stays denied.</summary>
    /// <param name="actor">Name of the caller.</param>
    /// <param name="action">What was denied: <c>access.denied</c>, <c>access.unauthenticated</c>.</param>
    /// <param name="subject">To what; cut where it is long.</param>
    /// <param name="reason">Why; holds no secret.</param>
    /// <param name="remoteAddress">Where the caller is.</param>
    public async ValueTask RecordAsync(string actor, string action, AuditSubject subject, string reason, string? remoteAddress)
    {
        if (!Admit((actor, remoteAddress, action), out int leftOut))
        {
            return;
        }

        AuditEvent entry = new(time.GetUtcNow(), actor, action, Cut(subject), AuditOutcome.Denied) { Reason = reason, RemoteAddress = remoteAddress };
        if (leftOut > 0)
        {
            entry = entry with { Details = new Dictionary<string, string> { ["leftOut"] = leftOut.ToString(CultureInfo.InvariantCulture) } };
        }

        try
        {
            // Not the caller's token: going away must not keep the attempt out of the log.
            await sink.RecordAsync(entry, CancellationToken.None);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            LogNotRecorded(logger, fault);
        }
    }

    private static AuditSubject Cut(AuditSubject subject) => subject.Name.Length <= LongestName ? subject : subject with { Name = subject.Name[..LongestName] };

    private bool Admit((string Actor, string? Address, string Action) key, out int leftOut)
    {
        if (_sources.Count >= MostSources && !_sources.ContainsKey(key))
        {
            _sources.Clear();
        }

        return _sources.GetOrAdd(key, static _ => new Source()).Admit(time.GetTimestamp(), time, out leftOut);
    }

    [LoggerMessage(9101, LogLevel.Error, "A denied attempt could not be put into the audit log")]
    private static partial void LogNotRecorded(ILogger logger, Exception fault);

    private sealed class Source
    {
        private readonly Lock _gate = new();
        private long _start;
        private int _kept;
        private int _leftOut;

        public bool Admit(long now, TimeProvider time, out int leftOut)
        {
            lock (_gate)
            {
                leftOut = 0;
                if (_kept == 0 || time.GetElapsedTime(_start, now) >= Window)
                {
                    (_start, _kept, leftOut, _leftOut) = (now, 1, _leftOut, 0);
                    return true;
                }

                if (_kept < KeptPerMinute)
                {
                    _kept++;
                    return true;
                }

                _leftOut++;
                return false;
            }
        }
    }
}
