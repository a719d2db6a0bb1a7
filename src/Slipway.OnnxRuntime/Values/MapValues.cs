using Slipway.Core;
using Slipway.OnnxRuntime.Native;

namespace Slipway.OnnxRuntime.Values;

/// <summary>
/// Maps as tensors: values by ascending key, and the keys. The maps of a sequence become the rows of a matrix, so they must have the same keys.
/// </summary>
internal static unsafe class MapValues
{
    /// <summary>Reads a map, or a sequence of maps; the value stays the caller's.</summary>
    public static (Tensor Values, Tensor Keys) Read(OrtValue* value, ValuePlan plan, OrtAllocator* allocator)
    {
        if (plan.Form == ValueForm.Map)
        {
            using Entries map = Entries.Of(value, plan, allocator);
            return (map.Values(plan.Name, new TensorShape(map.Count)), map.Keys(plan.Name));
        }

        int rows = SequenceValues.Count(value);
        Entries[] maps = new Entries[rows];
        try
        {
            for (int i = 0; i < rows; i++)
            {
                OrtValue* map = SequenceValues.Element(value, i, allocator);
                try
                {
                    maps[i] = Entries.Of(map, plan, allocator);
                }
                finally
                {
                    OrtLibrary.Api->ReleaseValue(map);
                }

                if (!maps[i].KeyBytes.SequenceEqual(maps[0].KeyBytes))
                {
                    throw new SlipwayException(ErrorCode.ModelFailed, $"output '{plan.Name}': the maps of row 0 and row {i} have different keys");
                }
            }

            return Stack(plan, maps);
        }
        finally
        {
            foreach (Entries? map in maps)
            {
                map?.Dispose();
            }
        }
    }

    /// <summary>Makes a map of a request's two tensors.</summary>
    public static OrtValue* Create(OrtMemoryInfo* cpu, OrtAllocator* allocator, Tensor values, Tensor keys, RunScratch scratch)
    {
        if (values.Shape.Rank != 1 || keys.Shape != values.Shape)
        {
            throw new SlipwayException(
                ErrorCode.ShapeMismatch, $"inputs '{values.Name}' and '{keys.Name}' must be lists of one length, they are {values.Shape} and {keys.Shape}");
        }

        OrtApi* api = OrtLibrary.Api;
        OrtValue** parts = stackalloc OrtValue*[2];
        parts[0] = parts[1] = null;
        try
        {
            parts[0] = TensorValues.Create(cpu, allocator, keys, scratch);
            parts[1] = TensorValues.Create(cpu, allocator, values, scratch);
            OrtValue* map;
            OrtStatusCheck.Check(api->CreateValue(parts, 2, OnnxValueKind.Map, &map));
            return map;
        }
        finally
        {
            for (int i = 0; i < 2; i++)
            {
                if (parts[i] is not null)
                {
                    api->ReleaseValue(parts[i]);
                }
            }
        }
    }

    private static (Tensor Values, Tensor Keys) Stack(ValuePlan plan, Entries[] maps)
    {
        int columns = maps.Length == 0 ? plan.Labels.Count : maps[0].Count;
        int bytes = 0;
        foreach (Entries map in maps)
        {
            bytes = checked(bytes + map.ValueBytes.Length);
        }

        TensorBuffer values = TensorBufferPool.Shared.Rent(bytes);
        int position = 0;
        foreach (Entries map in maps)
        {
            map.ValueBytes.CopyTo(values.Span[position..]);
            position += map.ValueBytes.Length;
        }

        Tensor keys = maps.Length == 0
            ? new Tensor(plan.Name + SignatureNames.Keys, plan.KeyType, new TensorShape(0), default)
            : maps[0].Keys(plan.Name);
        return (new Tensor(plan.Name, plan.ElementType, new TensorShape(maps.Length, columns), values.Memory, values), keys);
    }
}
