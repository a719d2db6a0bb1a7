using System.Text.Json;

namespace Slipway.Keras.Models;

/// <summary>
/// Reads calls of layers. Keras 2 lists <c>[layer, node, tensor, {arguments by name}]</c> for each tensor of the first argument; Keras 3 has
/// <c>{"args": […], "kwargs": {…}}</c> with <c>__keras_tensor__</c> objects.
/// </summary>
internal static class NodeReader
{
    private const int MaxDepth = 32;

    /// <summary>Reads one call.</summary>
    public static LayerNode Read(JsonElement json, LayerConfig layer)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object when json.TryGetProperty("args", out JsonElement args):
                JsonElement kwargs = json.TryGetProperty("kwargs", out JsonElement named) ? named : default;
                return new LayerNode([.. Enumerate(args, layer).Select(arg => NewValue(arg, layer, 0))], Named(kwargs, value => NewValue(value, layer, 0)));
            case JsonValueKind.Object:
                throw layer.NotSupported("it is called with a dictionary of tensors");
            case JsonValueKind.Array when IsReference(json):
                return ReadOld([json], layer);
            case JsonValueKind.Array:
                return ReadOld([.. json.EnumerateArray()], layer);
            default:
                throw layer.Invalid("one of its calls can't be read");
        }
    }

    /// <summary>The model's inputs or outputs: one reference, a list of them, or a dictionary.</summary>
    /// <param name="names">Keys of the dictionary.</param>
    public static List<TensorReference> References(ConfigNode model, string key, out List<string>? names)
    {
        names = null;
        if (!model.TryGet(key, out JsonElement json))
        {
            throw model.Missing(key);
        }

        if (json.ValueKind == JsonValueKind.Object)
        {
            names = [.. json.EnumerateObject().Select(static pair => pair.Name)];
            return [.. json.EnumerateObject().Select(pair => Reference(pair.Value, model))];
        }

        if (IsReference(json))
        {
            return [Reference(json, model)];
        }

        List<TensorReference> references = [];
        Flatten(json, model, references, 0);
        return references.Count > 0 ? references : throw model.Missing(key);
    }

    // The names of the arguments come with each tensor; they are the same for all of one call, and the first has them all.
    private static LayerNode ReadOld(IReadOnlyList<JsonElement> tensors, LayerConfig layer)
    {
        List<CallValue> positional = [];
        Dictionary<string, CallValue> named = new(StringComparer.Ordinal);
        foreach (JsonElement tensor in tensors)
        {
            if (tensor.ValueKind == JsonValueKind.Array && tensor.GetArrayLength() >= 3 && tensor[0].ValueKind == JsonValueKind.String && tensor[0].GetString() == "_CONSTANT_VALUE")
            {
                positional.Add(new CallValue { Literal = tensor[2] });
            }
            else if (IsReference(tensor))
            {
                positional.Add(new CallValue { Tensor = Reference(tensor, layer.Config) });
            }
            else
            {
                throw layer.Invalid("one of its calls can't be read");
            }

            if (tensor.GetArrayLength() > 3 && tensor[3].ValueKind == JsonValueKind.Object)
            {
                foreach ((string name, CallValue value) in Named(tensor[3], value => OldValue(value, layer, 0)))
                {
                    named.TryAdd(name, value);
                }
            }
        }

        return new LayerNode(positional, named);
    }

    private static CallValue OldValue(JsonElement json, LayerConfig layer, int depth) =>
        IsReference(json) ? new CallValue { Tensor = Reference(json, layer.Config) }
        : json.ValueKind == JsonValueKind.Array && depth < MaxDepth ? new CallValue { Items = [.. json.EnumerateArray().Select(item => OldValue(item, layer, depth + 1))], Literal = json }
        : new CallValue { Literal = json };

    private static CallValue NewValue(JsonElement json, LayerConfig layer, int depth)
    {
        if (depth > MaxDepth)
        {
            throw layer.Invalid("its calls are nested too deeply");
        }

        switch (json.ValueKind)
        {
            case JsonValueKind.Object when json.TryGetProperty("class_name", out JsonElement name) && name.ValueKind == JsonValueKind.String:
                JsonElement config = json.TryGetProperty("config", out JsonElement inner) ? inner : default;
                return name.GetString() switch
                {
                    "__keras_tensor__" when config.ValueKind == JsonValueKind.Object && config.TryGetProperty("keras_history", out JsonElement history) =>
                        new CallValue { Tensor = Reference(history, layer.Config) },
                    "__tuple__" or "__list__" when json.TryGetProperty("items", out JsonElement items) => NewValue(items, layer, depth + 1),
                    _ => new CallValue { Literal = json },
                };
            case JsonValueKind.Array:
                return new CallValue { Items = [.. json.EnumerateArray().Select(item => NewValue(item, layer, depth + 1))], Literal = json };
            case JsonValueKind.Object when ContainsTensor(json, 0):
                throw layer.NotSupported("it is called with a dictionary of tensors");
            default:
                return new CallValue { Literal = json };
        }
    }

    private static bool ContainsTensor(JsonElement json, int depth) => json.ValueKind switch
    {
        _ when depth > MaxDepth => true,
        JsonValueKind.String => json.GetString() == "__keras_tensor__",
        JsonValueKind.Object => json.EnumerateObject().Any(pair => ContainsTensor(pair.Value, depth + 1)),
        JsonValueKind.Array => json.EnumerateArray().Any(item => ContainsTensor(item, depth + 1)),
        _ => false,
    };

    private static Dictionary<string, CallValue> Named(JsonElement json, Func<JsonElement, CallValue> read) => json.ValueKind == JsonValueKind.Object
        ? json.EnumerateObject().DistinctBy(static pair => pair.Name).ToDictionary(static pair => pair.Name, pair => read(pair.Value), StringComparer.Ordinal)
        : new Dictionary<string, CallValue>();

    private static JsonElement.ArrayEnumerator Enumerate(JsonElement json, LayerConfig layer) =>
        json.ValueKind == JsonValueKind.Array ? json.EnumerateArray() : throw layer.Invalid("the arguments of one of its calls are no list");

    private static void Flatten(JsonElement json, ConfigNode model, List<TensorReference> references, int depth)
    {
        if (IsReference(json))
        {
            references.Add(Reference(json, model));
            return;
        }

        if (json.ValueKind != JsonValueKind.Array || depth > MaxDepth)
        {
            throw KerasFault.Invalid($"the inputs or outputs of {model.Owner} can't be read");
        }

        foreach (JsonElement item in json.EnumerateArray())
        {
            Flatten(item, model, references, depth + 1);
        }
    }

    private static bool IsReference(JsonElement json) => json.ValueKind == JsonValueKind.Array
        && json.GetArrayLength() is 3 or 4
        && json[0].ValueKind == JsonValueKind.String
        && json[1].ValueKind == JsonValueKind.Number
        && json[2].ValueKind == JsonValueKind.Number;

    private static TensorReference Reference(JsonElement json, ConfigNode owner) =>
        IsReference(json) && json[1].TryGetInt32(out int node) && json[2].TryGetInt32(out int tensor)
            ? new TensorReference(json[0].GetString()!, node, tensor)
            : throw KerasFault.Invalid($"a reference to a tensor in {owner.Owner} can't be read");
}
