using System.Globalization;
using Slipway.Inference.Configuration;
using Slipway.Pipelines.Binding;
using Slipway.Pipelines.Definitions;
using Slipway.Server.Configuration.Traffic;
using Slipway.Server.Options;
using Slipway.Traffic.Endpoints;

namespace Slipway.Server.Configuration.Pipelines;

/// <summary>Reads <c>pipelines</c>: a mapping of names to pipelines.</summary>
internal static class PipelineSettings
{
    private const int MostRequests = 65_536;

    /// <summary>All pipelines; every fault that can be seen without the models is reported.</summary>
    public static bool Read(ConfigValue value, ServerOptions options, out IReadOnlyList<PipelineDefinition> pipelines)
    {
        List<PipelineDefinition> read = [];
        pipelines = read;
        if (value.AsMapping() is not { } mapping)
        {
            return false;
        }

        foreach ((string name, ConfigValue one) in mapping.All())
        {
            int problems = value.Reader.Problems.Count;
            if (ReadPipeline(name, one) is not { } pipeline)
            {
                continue;
            }

            read.Add(pipeline);

            // What could not be read would only be found missing once more.
            if (value.Reader.Problems.Count == problems)
            {
                Report(one, PipelineCheck.Find(pipeline));
            }
        }

        Report(value, PipelineCheck.FindBetween(read, options.Endpoints.ToDictionary(static endpoint => endpoint.Name, CallsOf, StringComparer.Ordinal)));
        return true;
    }

    private static IReadOnlyList<string> CallsOf(EndpointDefinition endpoint) =>
        [.. endpoint.Arms.Select(static arm => arm.Model), .. endpoint.Shadows.Select(static shadow => shadow.Model)];

    private static PipelineDefinition? ReadPipeline(string name, ConfigValue value)
    {
        if (value.AsMapping() is not { } mapping)
        {
            return null;
        }

        PipelineDefinition otherwise = new() { Name = name, Inputs = [], Steps = [], Outputs = [] };
        PipelineDefinition pipeline = otherwise with
        {
            Inputs = mapping.GetObject("inputs", TensorSettings.ReadAll, [])!,
            Steps = mapping.GetObject("steps", StepSettings.ReadAll, [])!,
            Outputs = mapping.GetObject("outputs", ReadOutputs, [])!,
            Timeout = mapping.TryGet("timeout", out ConfigValue timeout) ? CallSettings.ReadPositive(timeout) : null,
            MaxConcurrentRequests = mapping.Get("maxConcurrentRequests", static one => one.AsInt32(1, MostRequests), otherwise.MaxConcurrentRequests),
            MaxBytes = mapping.Get("maxBytes", static one => one.AsSize(1), otherwise.MaxBytes),
            Text = CanonicalText.Of(value.Node),
        };
        mapping.Finish();
        return pipeline;
    }

    private static IReadOnlyList<PipelineOutput>? ReadOutputs(ConfigValue value)
    {
        List<PipelineOutput> outputs = [];
        if (value.IsSequence)
        {
            foreach (ConfigValue one in value.AsList()!)
            {
                if (one.AsText() is { } text)
                {
                    // Listed alone, an output has the name that it has in its step.
                    outputs.Add(new PipelineOutput(text[(text.IndexOf('.', StringComparison.Ordinal) + 1)..], text));
                }
            }

            return outputs;
        }

        if (value.AsTextMap() is not { } texts)
        {
            return null;
        }

        return [.. texts.Select(static pair => new PipelineOutput(pair.Key, pair.Value))];
    }

    private static void Report(ConfigValue value, IEnumerable<PipelineFault> faults)
    {
        foreach (PipelineFault fault in faults)
        {
            (string key, ConfigNode node) = Place(value, fault.Key);
            value.Reader.Report(key, node, fault.Message);
        }
    }

    // The line of the deepest key of the fault that the file has.
    private static (string Key, ConfigNode Node) Place(ConfigValue value, string key)
    {
        ConfigNode node = value.Node;
        foreach (string part in key.Split('.'))
        {
            // Branches are counted from 0: switch[2].
            int open = part.IndexOf('[', StringComparison.Ordinal);
            if (node.Find(open < 0 ? part : part[..open]) is not { } inner)
            {
                break;
            }

            node = open >= 0 && int.TryParse(part[(open + 1)..].TrimEnd(']'), NumberStyles.None, CultureInfo.InvariantCulture, out int place) && place < inner.Items.Count ? inner.Items[place] : inner;
        }

        return (key.Length > 0 ? $"{value.Key}.{key}" : value.Key, node);
    }
}
