using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Slipway.Core;
using Slipway.OnnxRuntime.Native;
using Slipway.OnnxRuntime.Values;

namespace Slipway.OnnxRuntime.Text;

/// <summary>Makes <see cref="TextOperators"/> known to sessions. What the engine is given lives as long as the process.</summary>
internal static unsafe class TextDomain
{
    private const int Required = 0;
    private const int Variadic = 2;

    private static readonly Utf8Name DomainName = new(OwnOperators.Domain);
    private static readonly Utf8Name[] OperatorNames = [.. TextOperators.All.Select(static known => new Utf8Name(known.Name))];
    private static readonly Lazy<nint> Domain = new(Create);

    /// <summary>Lets a session use the operators.</summary>
    public static void Add(OrtSessionOptions* options) => OrtStatusCheck.Check(OrtLibrary.Api->AddCustomOpDomain(options, (OrtCustomOpDomain*)Domain.Value));

    private static nint Create()
    {
        OrtApi* api = OrtLibrary.Api;
        OrtCustomOpDomain* domain;
        OrtStatusCheck.Check(api->CreateCustomOpDomain(DomainName.Pointer, &domain));
        for (int i = 0; i < TextOperators.All.Count; i++)
        {
            OrtCustomOp* operation = (OrtCustomOp*)NativeMemory.AllocZeroed((nuint)sizeof(OrtCustomOp));
            operation->Version = OrtCustomOp.Layout;
            operation->GetName = &GetName;
            operation->GetExecutionProviderType = &GetProvider;
            operation->GetInputType = &GetInputType;
            operation->GetInputTypeCount = &GetInputCount;
            operation->GetOutputType = &GetOutputType;
            operation->GetOutputTypeCount = &GetOutputCount;
            operation->KernelDestroy = &Destroy;
            operation->GetInputCharacteristic = &GetInputCharacteristic;
            operation->GetOutputCharacteristic = &GetOutputCharacteristic;
            operation->GetInputMemoryType = &GetMemoryType;
            operation->GetVariadicInputMinArity = &One;
            operation->GetVariadicInputHomogeneity = &One;
            operation->GetVariadicOutputMinArity = &One;
            operation->GetVariadicOutputHomogeneity = &One;
            operation->CreateKernelV2 = &CreateKernel;
            operation->KernelComputeV2 = &Compute;
            operation->Number = i;
            OrtStatusCheck.Check(api->CustomOpDomain_Add(domain, operation));
        }

        return (nint)domain;
    }

    private static TextOperator Of(OrtCustomOp* operation) => TextOperators.All[operation->Number];

    [UnmanagedCallersOnly]
    private static byte* GetName(OrtCustomOp* operation) => OperatorNames[operation->Number].Pointer;

    // None means the processor.
    [UnmanagedCallersOnly]
    private static byte* GetProvider(OrtCustomOp* operation) => null;

    [UnmanagedCallersOnly]
    private static OnnxElementType GetInputType(OrtCustomOp* operation, nuint index) => Of(operation).Inputs[(int)index];

    [UnmanagedCallersOnly]
    private static nuint GetInputCount(OrtCustomOp* operation) => (nuint)Of(operation).Inputs.Length;

    [UnmanagedCallersOnly]
    private static OnnxElementType GetOutputType(OrtCustomOp* operation, nuint index) => Of(operation).Outputs[(int)index];

    [UnmanagedCallersOnly]
    private static nuint GetOutputCount(OrtCustomOp* operation) => (nuint)Of(operation).Outputs.Length;

    [UnmanagedCallersOnly]
    private static int GetInputCharacteristic(OrtCustomOp* operation, nuint index) => Of(operation).IsVariadic ? Variadic : Required;

    [UnmanagedCallersOnly]
    private static int GetOutputCharacteristic(OrtCustomOp* operation, nuint index) => Required;

    [UnmanagedCallersOnly]
    private static int GetMemoryType(OrtCustomOp* operation, nuint index) => 0;

    [UnmanagedCallersOnly]
    private static int One(OrtCustomOp* operation) => 1;

    [UnmanagedCallersOnly]
    [SuppressMessage("Design", "CA1031", Justification = "No exception may unwind into native code.")]
    private static OrtStatus* CreateKernel(OrtCustomOp* operation, void* api, OrtKernelInfo* info, void** kernel)
    {
        try
        {
            TextKernel made = Of(operation).Create(new KernelAttributes(info));
            *kernel = (void*)GCHandle.ToIntPtr(GCHandle.Alloc(made));
            return null;
        }
        catch (Exception fault)
        {
            return Failed(fault);
        }
    }

    [UnmanagedCallersOnly]
    [SuppressMessage("Design", "CA1031", Justification = "No exception may unwind into native code.")]
    private static OrtStatus* Compute(void* kernel, OrtKernelContext* context)
    {
        try
        {
            ((TextKernel)GCHandle.FromIntPtr((nint)kernel).Target!)(new KernelContext(context));
            return null;
        }
        catch (Exception fault)
        {
            return Failed(fault);
        }
    }

    [UnmanagedCallersOnly]
    private static void Destroy(void* kernel) => GCHandle.FromIntPtr((nint)kernel).Free();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static OrtStatus* Failed(Exception fault)
    {
        string message = fault is TextFault or OrtException ? fault.Message : $"{fault.GetType().Name} in an operator on text";
        using NativeStrings text = new([message.Replace('\0', ' ')]);
        return OrtLibrary.Api->CreateStatus(OrtErrorCode.RuntimeException, text.Pointer[0]);
    }
}
