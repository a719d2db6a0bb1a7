using Slipway.Core;
using Slipway.Pipelines.Definitions;
using Slipway.Pipelines.Transforms;
using Slipway.Pipelines.Upstreams;

namespace Slipway.Pipelines.Binding;

/// <summary>Checks steps that ask other servers.</summary>
internal static class UpstreamBinder
{
    /// <summary>The step; null when something is wrong, which is noted, or when it depends on what nobody knows.</summary>
    public static UpstreamAction? Bind(BindScope scope, UpstreamBody body, string key)
    {
        int faults = scope.Faults.Count;
        if (body.Outputs.Count == 0)
        {
            scope.Refuse($"{key}.outputs", "outputs with their types are expected, as in 'y: FP32[-1, 3]'");
        }

        foreach (TensorSignature output in body.Outputs.Where(static output => !CanSend(output.DataType)))
        {
            scope.Refuse($"{key}.outputs.{output.Name}", $"{output.DataType.ToName()} can't be said in JSON");
        }

        List<int> positions = [];
        foreach ((string name, string reference) in body.Inputs)
        {
            if (scope.Resolve(reference, $"{key}.inputs.{name}") is not { } value)
            {
                positions.Add(-1);
                continue;
            }

            if (!CanSend(value.Type.DataType))
            {
                scope.Refuse($"{key}.inputs.{name}", $"{value.Type.DataType.ToName()} can't be said in JSON: put a 'cast' step before");
            }

            positions.Add(value.Position);
        }

        return scope.Faults.Count > faults || positions.Contains(-1) ? null : new UpstreamAction(body, [.. body.Inputs.Keys]) { Inputs = positions, Outputs = body.Outputs };
    }

    private static bool CanSend(TensorDataType type) => NumericTypes.Has(type) || type is TensorDataType.Bool or TensorDataType.String;
}
