using System.Net.Security;
using Microsoft.Extensions.Logging;
using Slipway.Core;

namespace Slipway.Security.Tls;

/// <summary>
/// A listener's certificate that follows its files. They are looked at when a client connects, at most every few seconds; new connections get the new certificate and open ones
/// stay as they are. Files that are no good leave the old certificate in place. Thread-safe.
/// </summary>
public sealed partial class ReloadingCertificate
{
    private static readonly TimeSpan Recheck = TimeSpan.FromSeconds(2);

    private readonly ServerCertificate _files;
    private readonly string _listener;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private volatile SslStreamCertificateContext _current;
    private string _stamp;
    private long _looked;

    /// <summary>Reads the files for the first time.</summary>
    /// <param name="listener">Name of the listener, for messages.</param>
    /// <param name="files">Where it is.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Told of changes and of files that are no good.</param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidConfiguration"/>.</exception>
    public ReloadingCertificate(string listener, ServerCertificate files, TimeProvider time, ILogger logger)
    {
        (_listener, _files, _time, _logger) = (listener, files, time, logger);
        _stamp = files.Stamp;
        _current = files.Load();
        _looked = time.GetTimestamp();
    }

    /// <summary>The certificate for a connection that is being made.</summary>
    public SslStreamCertificateContext Current
    {
        get
        {
            if (_time.GetElapsedTime(Volatile.Read(ref _looked)) >= Recheck)
            {
                Look();
            }

            return _current;
        }
    }

    private void Look()
    {
        // One connection looks; the others go on with what there is.
        if (!_gate.TryEnter())
        {
            return;
        }

        try
        {
            Volatile.Write(ref _looked, _time.GetTimestamp());
            string stamp = _files.Stamp;
            if (stamp.Length == 0 || stamp == _stamp)
            {
                return;
            }

            // Certificate and key are two files, and a look between the two writes sees a pair that doesn't fit: the stamp is kept only once a pair did.
            _current = _files.Load();
            _stamp = stamp;
            LogReloaded(_logger, _listener, _current.TargetCertificate.NotAfter.ToUniversalTime());
        }
        catch (SlipwayException fault)
        {
            LogUnusable(_logger, _listener, fault.Message);
        }
        finally
        {
            _gate.Exit();
        }
    }

    [LoggerMessage(9120, LogLevel.Information, "Listener {Listener} has a new certificate, valid until {NotAfter:u}")]
    private static partial void LogReloaded(ILogger logger, string listener, DateTime notAfter);

    [LoggerMessage(9121, LogLevel.Warning, "Listener {Listener} keeps its certificate: {Reason}")]
    private static partial void LogUnusable(ILogger logger, string listener, string reason);
}
