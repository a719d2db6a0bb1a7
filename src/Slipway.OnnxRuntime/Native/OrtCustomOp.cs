using System.Runtime.InteropServices;

namespace Slipway.OnnxRuntime.Native;

/// <summary>
/// An operator of our own as the engine takes it: functions in the order of <c>OrtCustomOp</c> in onnxruntime_c_api.h, up to version 16 of it, which the field
/// <see cref="Version"/> says. Members of type <c>nint</c> are not used in that version. The last field is ours: the engine hands the address back with every call.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct OrtCustomOp
{
    /// <summary>The version whose functions are filled in.</summary>
    public const uint Layout = 16;

    public uint Version;
    public nint CreateKernel;
    public delegate* unmanaged<OrtCustomOp*, byte*> GetName;
    public delegate* unmanaged<OrtCustomOp*, byte*> GetExecutionProviderType;
    public delegate* unmanaged<OrtCustomOp*, nuint, OnnxElementType> GetInputType;
    public delegate* unmanaged<OrtCustomOp*, nuint> GetInputTypeCount;
    public delegate* unmanaged<OrtCustomOp*, nuint, OnnxElementType> GetOutputType;
    public delegate* unmanaged<OrtCustomOp*, nuint> GetOutputTypeCount;
    public nint KernelCompute;
    public delegate* unmanaged<void*, void> KernelDestroy;
    public delegate* unmanaged<OrtCustomOp*, nuint, int> GetInputCharacteristic;
    public delegate* unmanaged<OrtCustomOp*, nuint, int> GetOutputCharacteristic;
    public delegate* unmanaged<OrtCustomOp*, nuint, int> GetInputMemoryType;
    public delegate* unmanaged<OrtCustomOp*, int> GetVariadicInputMinArity;
    public delegate* unmanaged<OrtCustomOp*, int> GetVariadicInputHomogeneity;
    public delegate* unmanaged<OrtCustomOp*, int> GetVariadicOutputMinArity;
    public delegate* unmanaged<OrtCustomOp*, int> GetVariadicOutputHomogeneity;
    public delegate* unmanaged<OrtCustomOp*, void*, OrtKernelInfo*, void**, OrtStatus*> CreateKernelV2;
    public delegate* unmanaged<void*, OrtKernelContext*, OrtStatus*> KernelComputeV2;

    /// <summary>Which of our operators it is.</summary>
    public int Number;
}
