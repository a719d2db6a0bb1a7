using Slipway.Inference.Configuration;
using Slipway.Pipelines.Definitions;
using Slipway.Server.Configuration.Traffic;
using Slipway.Traffic.Endpoints;

namespace Slipway.Server.Configuration.Pipelines;

/// <summary>Reads steps that give the same values for every row, in the form that static answers of endpoints have.</summary>
internal static class ConstantSettings
{
    /// <summary>Reads a step.</summary>
    public static ConstantBody? Read(ConfigValue value)
    {
        int problems = value.Reader.Problems.Count;
        if (FallbackSettings.ReadOutputs(value) is not { Count: > 0 } outputs)
        {
            if (value.Reader.Problems.Count == problems)
            {
                value.Refuse("outputs are expected: a mapping of names to 'datatype', 'data' and 'shape'");
            }

            return null;
        }

        return new ConstantBody([.. outputs.Select(static (StaticOutput output) => new ConstantOutput(output.Name, output.DataType, output.Shape, output.Data))]);
    }
}
