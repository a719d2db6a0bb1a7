using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Slipway.OnnxRuntime.Native;

namespace Slipway.OnnxRuntime.Sessions;

/// <summary>
/// The engine's environment: thread pools shared by all sessions, and the way its log takes. The engine allows one in a process; it is made with
/// the first session and kept for the life of the process, since tearing down thread pools while other code may still call is not worth the risk.
/// </summary>
internal sealed unsafe partial class OrtEnvironment
{
    private static readonly Lock Gate = new();
    private static OrtEnvironment? s_current;
    private static ILogger? s_logger;

    private readonly ThreadSettings _threads;

    private OrtEnvironment(OrtEnv* env, ThreadSettings threads)
    {
        Pointer = env;
        _threads = threads;
    }

    /// <summary>The engine's object.</summary>
    public OrtEnv* Pointer { get; }

    /// <summary>Memory of the CPU, for values over memory of ours. Never released: part of the environment.</summary>
    public OrtMemoryInfo* CpuMemory { get; private init; }

    /// <summary>The allocator of the C runtime that names and copies come from. Belongs to the engine.</summary>
    public OrtAllocator* Allocator { get; private init; }

    /// <summary>Returns the environment, making it when there is none. Later callers get the first one's threads, with a warning if they wanted others.</summary>
    public static OrtEnvironment Acquire(in ThreadSettings threads, ILogger logger)
    {
        lock (Gate)
        {
            Volatile.Write(ref s_logger, logger);
            if (s_current is null)
            {
                s_current = Create(threads, logger);
                Log.Started(logger, OrtLibrary.Version ?? "unknown", threads.IntraOp, threads.InterOp, threads.Spin);
            }
            else if (s_current._threads != threads)
            {
                Log.ThreadsFixed(logger);
            }

            return s_current;
        }
    }

    private static OrtEnvironment Create(in ThreadSettings threads, ILogger logger)
    {
        OrtApi* api = OrtLibrary.Api;
        OrtThreadingOptions* options;
        OrtStatusCheck.Check(api->CreateThreadingOptions(&options));
        try
        {
            OrtStatusCheck.Check(api->SetGlobalIntraOpNumThreads(options, threads.IntraOp));
            OrtStatusCheck.Check(api->SetGlobalInterOpNumThreads(options, threads.InterOp));
            OrtStatusCheck.Check(api->SetGlobalSpinControl(options, threads.Spin ? 1 : 0));
            if (threads.FlushDenormals)
            {
                OrtStatusCheck.Check(api->SetGlobalDenormalAsZero(options));
            }

            OrtEnv* env;
            fixed (byte* id = "slipway\0"u8)
            {
                OrtStatusCheck.Check(api->CreateEnvWithCustomLoggerAndGlobalThreadPools(&OnLog, null, (int)LowestSeverity(logger), id, options, &env));
            }

            OrtStatusCheck.Check(api->DisableTelemetryEvents(env));
            OrtMemoryInfo* cpu;
            OrtStatusCheck.Check(api->CreateCpuMemoryInfo(ArenaAllocator, DefaultMemory, &cpu));
            OrtAllocator* allocator;
            OrtStatusCheck.Check(api->GetAllocatorWithDefaultOptions(&allocator));
            return new OrtEnvironment(env, threads) { CpuMemory = cpu, Allocator = allocator };
        }
        finally
        {
            api->ReleaseThreadingOptions(options);
        }
    }

    private const int ArenaAllocator = 1;
    private const int DefaultMemory = 0;

    private static Severity LowestSeverity(ILogger logger) => logger.IsEnabled(LogLevel.Trace) ? Severity.Verbose
        : logger.IsEnabled(LogLevel.Debug) ? Severity.Info
        : logger.IsEnabled(LogLevel.Information) ? Severity.Warning
        : Severity.Fatal;

    [UnmanagedCallersOnly]
    private static void OnLog(void* state, int severity, byte* category, byte* id, byte* location, byte* message)
    {
        try
        {
            ILogger? logger = Volatile.Read(ref s_logger);
            LogLevel level = LevelOf((Severity)severity);
            if (logger is not null && logger.IsEnabled(level))
            {
                string? text = Marshal.PtrToStringUTF8((nint)message);
                string? place = Marshal.PtrToStringUTF8((nint)location);
                Log.Engine(logger, level, text, place);
            }
        }
        catch
        {
            // A logger that fails must not unwind into native code.
        }
    }

    // What the engine calls an error comes back as a failed call as well, and callers can cause it at will with a wrong shape.
    private static LogLevel LevelOf(Severity severity) => severity switch
    {
        Severity.Verbose => LogLevel.Trace,
        Severity.Info or Severity.Error => LogLevel.Debug,
        Severity.Warning => LogLevel.Information,
        _ => LogLevel.Critical,
    };

    private enum Severity
    {
        Verbose = 0,
        Info = 1,
        Warning = 2,
        Error = 3,
        Fatal = 4,
    }

    private static partial class Log
    {
        [LoggerMessage(1000, LogLevel.Information, "ONNX Runtime {Version}: {IntraOp} threads inside runs, {InterOp} between operators, spinning {Spin}")]
        public static partial void Started(ILogger logger, string version, int intraOp, int interOp, bool spin);

        [LoggerMessage(1001, LogLevel.Warning, "The engine's threads are set once in a process: other settings given later are not used")]
        public static partial void ThreadsFixed(ILogger logger);

        [LoggerMessage(EventId = 1002, Message = "{Message} ({Location})")]
        public static partial void Engine(ILogger logger, LogLevel level, string? message, string? location);
    }
}

/// <summary>Sizes and manner of the shared thread pools.</summary>
internal readonly record struct ThreadSettings(int IntraOp, int InterOp, bool Spin, bool FlushDenormals);
