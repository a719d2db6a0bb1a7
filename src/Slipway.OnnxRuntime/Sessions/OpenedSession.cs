using Slipway.OnnxRuntime.Native;
using Slipway.OnnxRuntime.Values;

namespace Slipway.OnnxRuntime.Sessions;

/// <summary>A session with all that belongs to it; whoever holds it disposes it.</summary>
internal sealed class OpenedSession(SessionHandle handle, OrtEnvironment environment, RunOptionsPool runOptions) : IDisposable
{
    /// <summary>The engine's session.</summary>
    public SessionHandle Handle { get; } = handle;

    /// <summary>The process's environment.</summary>
    public OrtEnvironment Environment { get; } = environment;

    /// <summary>Run options for runs that can be cancelled.</summary>
    public RunOptionsPool RunOptions { get; } = runOptions;

    /// <summary>What the session takes.</summary>
    public required IReadOnlyList<ValuePlan> Inputs { get; init; }

    /// <summary>What it gives.</summary>
    public required IReadOnlyList<ValuePlan> Outputs { get; init; }

    /// <summary>What the model says of itself.</summary>
    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    /// <summary>See <see cref="Models.OnnxFacts.QuantizesDynamically"/>.</summary>
    public bool QuantizesDynamically { get; init; }

    /// <summary>Whether runs are written to a profile, which is finished when the session is disposed.</summary>
    public bool IsProfiled { get; init; }

    /// <inheritdoc/>
    public unsafe void Dispose()
    {
        if (!Handle.IsClosed && IsProfiled)
        {
            byte* file;
            OrtStatusCheck.Check(OrtLibrary.Api->SessionEndProfiling(Handle.Pointer, Environment.Allocator, &file));
            EngineText.Take(file, Environment.Allocator);
        }

        Handle.Dispose();
    }
}
