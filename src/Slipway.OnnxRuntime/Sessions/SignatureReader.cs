using System.Runtime.InteropServices;
using Slipway.Core;
using Slipway.OnnxRuntime.Native;
using Slipway.OnnxRuntime.Values;

namespace Slipway.OnnxRuntime.Sessions;

/// <summary>Reads what a session takes and gives.</summary>
internal static unsafe class SignatureReader
{
    /// <summary>All inputs, those with a default in the model last and optional, then all outputs.</summary>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.NotSupported"/> for a type that can't be sent to or from a model.</exception>
    public static (IReadOnlyList<ValuePlan> Inputs, IReadOnlyList<ValuePlan> Outputs) Read(SessionHandle session, OrtAllocator* allocator)
    {
        OrtApi* api = OrtLibrary.Api;
        List<ValuePlan> inputs =
        [
            .. Values("input", session, allocator, api->SessionGetInputCount, api->SessionGetInputName, api->SessionGetInputTypeInfo),
            .. Values("input", session, allocator,
                    api->SessionGetOverridableInitializerCount, api->SessionGetOverridableInitializerName, api->SessionGetOverridableInitializerTypeInfo)
                .Select(static plan => plan with { IsDefaulted = true }),
        ];
        return (inputs, Values("output", session, allocator, api->SessionGetOutputCount, api->SessionGetOutputName, api->SessionGetOutputTypeInfo));
    }

    private static List<ValuePlan> Values(
        string role,
        SessionHandle session,
        OrtAllocator* allocator,
        delegate* unmanaged<OrtSession*, nuint*, OrtStatus*> getCount,
        delegate* unmanaged<OrtSession*, nuint, OrtAllocator*, byte**, OrtStatus*> getName,
        delegate* unmanaged<OrtSession*, nuint, OrtTypeInfo**, OrtStatus*> getType)
    {
        nuint count;
        OrtStatusCheck.Check(getCount(session.Pointer, &count));
        List<ValuePlan> plans = new(checked((int)count));
        for (nuint i = 0; i < count; i++)
        {
            byte* name;
            OrtStatusCheck.Check(getName(session.Pointer, i, allocator, &name));
            OrtTypeInfo* type;
            OrtStatusCheck.Check(getType(session.Pointer, i, &type));
            plans.Add(PlanAndRelease(role, EngineText.Take(name, allocator), type));
        }

        return plans;
    }

    private static ValuePlan PlanAndRelease(string role, string name, OrtTypeInfo* type)
    {
        try
        {
            return Plan(role, name, type);
        }
        finally
        {
            OrtLibrary.Api->ReleaseTypeInfo(type);
        }
    }

    private static ValuePlan Plan(string role, string name, OrtTypeInfo* type)
    {
        OrtApi* api = OrtLibrary.Api;
        OnnxValueKind kind;
        OrtStatusCheck.Check(api->GetOnnxTypeFromTypeInfo(type, &kind));
        switch (kind)
        {
            case OnnxValueKind.Tensor:
                return TensorPlan(role, name, type);

            case OnnxValueKind.Sequence:
                OrtSequenceTypeInfo* sequence;
                OrtStatusCheck.Check(api->CastTypeInfoToSequenceTypeInfo(type, &sequence));
                OrtTypeInfo* element;
                OrtStatusCheck.Check(api->GetSequenceElementType(sequence, &element));
                ValuePlan inner = PlanAndRelease(role, name, element);
                return inner.Form switch
                {
                    ValueForm.Tensor when !inner.IsOptional => inner with { Form = ValueForm.Sequence },
                    ValueForm.Map when !inner.IsOptional => inner with { Form = ValueForm.MapSequence },
                    _ => throw Unsupported(role, name, "a sequence of sequences"),
                };

            case OnnxValueKind.Map:
                OrtMapTypeInfo* map;
                OrtStatusCheck.Check(api->CastTypeInfoToMapTypeInfo(type, &map));
                OnnxElementType key;
                OrtStatusCheck.Check(api->GetMapKeyType(map, &key));
                OrtTypeInfo* value;
                OrtStatusCheck.Check(api->GetMapValueType(map, &value));
                ValuePlan values = PlanAndRelease(role, name, value);
                return values.Form == ValueForm.Tensor
                    ? values with { Form = ValueForm.Map, KeyType = Element(role, name, key) }
                    : throw Unsupported(role, name, "a map of maps");

            case OnnxValueKind.Optional:
                OrtOptionalTypeInfo* optional;
                OrtStatusCheck.Check(api->CastTypeInfoToOptionalTypeInfo(type, &optional));
                OrtTypeInfo* contained;
                OrtStatusCheck.Check(api->GetOptionalContainedTypeInfo(optional, &contained));
                return PlanAndRelease(role, name, contained) with { IsOptional = true };

            default:
                throw Unsupported(role, name, kind == OnnxValueKind.SparseTensor ? "a sparse tensor" : "of a type private to its operators");
        }
    }

    private static ValuePlan TensorPlan(string role, string name, OrtTypeInfo* type)
    {
        OrtApi* api = OrtLibrary.Api;
        OrtTensorTypeAndShapeInfo* info;
        OrtStatusCheck.Check(api->CastTypeInfoToTensorInfo(type, &info));
        OnnxElementType element;
        OrtStatusCheck.Check(api->GetTensorElementType(info, &element));
        nuint rank;
        OrtStatusCheck.Check(api->GetDimensionsCount(info, &rank));
        long[] dimensions = new long[(int)rank];
        string?[] names = new string?[(int)rank];
        byte*[] symbols = new byte*[(int)rank];
        if (rank > 0)
        {
            fixed (long* first = dimensions)
            {
                OrtStatusCheck.Check(api->GetDimensions(info, first, rank));
            }

            fixed (byte** first = symbols)
            {
                OrtStatusCheck.Check(api->GetSymbolicDimensions(info, first, rank));
                for (int i = 0; i < names.Length; i++)
                {
                    string? symbol = Marshal.PtrToStringUTF8((nint)first[i]);
                    names[i] = string.IsNullOrEmpty(symbol) ? null : symbol;
                }
            }
        }

        return new ValuePlan(name, ValueForm.Tensor, Element(role, name, element), new TensorShape(dimensions), names);
    }

    private static TensorDataType Element(string role, string name, OnnxElementType element) =>
        ElementTypes.FromOnnx(element) is var type && type != TensorDataType.Undefined
            ? type
            : throw Unsupported(role, name, $"of element type {element}");

    private static SlipwayException Unsupported(string role, string name, string what) =>
        new(ErrorCode.NotSupported, $"{role} '{name}' is {what}, which can't be served");
}
