using System.Runtime.InteropServices;

namespace Slipway.OnnxRuntime.Native;

/// <summary>One object of the engine: released once, after the last use.</summary>
internal abstract class OrtHandle() : SafeHandle(0, ownsHandle: true)
{
    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;
}

/// <summary>A session: a model in the engine's memory.</summary>
internal sealed unsafe class SessionHandle : OrtHandle
{
    public SessionHandle(OrtSession* session) => SetHandle((nint)session);

    public OrtSession* Pointer => (OrtSession*)handle;

    protected override bool ReleaseHandle()
    {
        OrtLibrary.Api->ReleaseSession(Pointer);
        return true;
    }
}

/// <summary>Options that a session is made with.</summary>
internal sealed unsafe class SessionOptionsHandle : OrtHandle
{
    public SessionOptionsHandle()
    {
        OrtSessionOptions* options;
        OrtStatusCheck.Check(OrtLibrary.Api->CreateSessionOptions(&options));
        SetHandle((nint)options);
    }

    public OrtSessionOptions* Pointer => (OrtSessionOptions*)handle;

    protected override bool ReleaseHandle()
    {
        OrtLibrary.Api->ReleaseSessionOptions(Pointer);
        return true;
    }
}

/// <summary>Options of a run; its terminate flag ends the run early.</summary>
internal sealed unsafe class RunOptionsHandle : OrtHandle
{
    public RunOptionsHandle()
    {
        OrtRunOptions* options;
        OrtStatusCheck.Check(OrtLibrary.Api->CreateRunOptions(&options));
        SetHandle((nint)options);
    }

    public OrtRunOptions* Pointer => (OrtRunOptions*)handle;

    /// <summary>Whether <see cref="Terminate"/> was called.</summary>
    public bool WasTerminated { get; private set; }

    /// <summary>Ends the run that uses these options at its next operator.</summary>
    public void Terminate()
    {
        WasTerminated = true;
        OrtStatusCheck.Check(OrtLibrary.Api->RunOptionsSetTerminate(Pointer));
    }

    protected override bool ReleaseHandle()
    {
        OrtLibrary.Api->ReleaseRunOptions(Pointer);
        return true;
    }
}
