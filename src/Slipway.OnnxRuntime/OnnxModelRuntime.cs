using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Slipway.Core;
using Slipway.OnnxRuntime.Native;
using Slipway.OnnxRuntime.Sessions;

namespace Slipway.OnnxRuntime;

/// <summary>Loads and runs ONNX models with ONNX Runtime. Thread-safe.</summary>
public sealed class OnnxModelRuntime : IModelRuntime, IDisposable
{
    /// <summary>What <see cref="PreparedModel.Runtime"/> says for models of this runtime.</summary>
    public const string RuntimeName = "onnx";

    private readonly SessionFactory _factory;
    private readonly SharedSessions _sessions = new();
    private readonly MeasuredMemory _memory = new(ProcessMemory.InUse);
    private readonly bool _shareSessions;

    // One load at a time: loads use all cores anyway, and what a load adds to the process can only be measured alone.
    private readonly SemaphoreSlim _loading = new(1, 1);

    /// <summary>Makes the runtime; the native library is loaded with the first model.</summary>
    public OnnxModelRuntime(IOptions<OnnxRuntimeOptions> options, ILogger<OnnxModelRuntime> logger)
    {
        _factory = new SessionFactory(options.Value, logger);
        _shareSessions = options.Value.ShareSessions;
    }

    /// <inheritdoc/>
    public string Name => RuntimeName;

    /// <summary>Version of the library, such as <c>1.30.0</c>.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.NotSupported"/> when there is no usable library.</exception>
    public static string LibraryVersion => OrtLibrary.Problem is { } problem
        ? throw new SlipwayException(ErrorCode.NotSupported, problem)
        : OrtLibrary.Version!;

    /// <summary>
    /// Begins to load the library on a thread of the pool, so that it is there when the first model comes. A library that is missing or unusable is
    /// reported then, not here.
    /// </summary>
    public static void BeginLoadingLibrary() => ThreadPool.UnsafeQueueUserWorkItem(static _ => _ = OrtLibrary.Problem, null);

    /// <inheritdoc/>
    public async ValueTask<ILoadedModel> LoadAsync(PreparedModel model, EngineConfig config, CancellationToken cancellationToken)
    {
        await _loading.WaitAsync(cancellationToken);
        try
        {
            return Load(model, config);
        }
        catch (OrtException exception)
        {
            throw RunFailures.DescribeLoad(exception);
        }
        finally
        {
            _loading.Release();
        }
    }

    /// <summary>Models that are loaded stay usable.</summary>
    public void Dispose() => _loading.Dispose();

    private OnnxLoadedModel Load(PreparedModel model, EngineConfig config)
    {
        // A profile belongs to one model, so its session is not shared.
        string? key = _shareSessions && !config.Profiling ? SessionKeys.OfModel(model, config) : null;
        SharedSessions.Lease? lease = key is null ? null : _sessions.TryAcquire(key);
        OpenedSession? session = lease?.Session;
        long memory = lease?.MemoryBytes ?? 0;
        if (session is null)
        {
            // The weights are there in any case.
            long files = model.Model.Length + model.ExternalData.Values.Sum(static file => file.Length);
            session = _memory.Create(SessionKeys.OfSizes(model, config), files, () => _factory.Create(model, config), out memory);
            lease = key is null ? null : _sessions.Add(key, session, memory);
        }

        IDisposable owner = lease is null ? session : lease;
        try
        {
            return new OnnxLoadedModel(session, memory, owner);
        }
        catch
        {
            owner.Dispose();
            throw;
        }
    }
}
