using System.Runtime.InteropServices;

namespace Slipway.Cli.Terminal;

/// <summary>
/// Turns the first Ctrl-C or SIGTERM into a cancellation, so that a command can clean up what it began. A second one ends the process at once, as the operating system has it.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly Lock _gate = new();
    private readonly PosixSignalRegistration[] _registrations;
    private bool _isDone;

    /// <summary>Begins to listen.</summary>
    public Interruption() => _registrations =
        [PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal), PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal)];

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _source.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
        {
            registration.Dispose();
        }

        lock (_gate)
        {
            _isDone = true;
            _source.Dispose();
        }
    }

    private void OnSignal(PosixSignalContext context)
    {
        lock (_gate)
        {
            if (_isDone || _source.IsCancellationRequested)
            {
                return;
            }

            context.Cancel = true;
        }

        // Outside the lock: what is cancelled may run right here.
        try
        {
            _source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The command ended in this moment.
        }
    }
}
