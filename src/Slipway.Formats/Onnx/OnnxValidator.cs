using Slipway.Formats.Abstractions;

namespace Slipway.Formats.Onnx;

/// <summary>Finds what is wrong with a model without running it: https://github.com/onnx/onnx/blob/main/docs/IR.md.</summary>
internal static class OnnxValidator
{
    /// <summary>Most problems that are told.</summary>
    public const int MaxProblems = 100;

    private const int NewestIr = 13;
    private const int LargestVersion = 1000;
    private const int NewestOpset = 28;

    /// <summary>Everything that can be said.</summary>
    public static IReadOnlyList<ModelProblem> Check(OnnxModel model)
    {
        List<ModelProblem> problems = [.. CheckVersions(model), .. CheckMetadata(model)];
        if (model.Graph is not { } graph)
        {
            problems.Add(new ModelProblem(true, "the model has no graph"));
            return problems;
        }

        if (graph.Name.Length == 0)
        {
            problems.Add(new ModelProblem(false, "the graph has no name"));
        }

        if (graph.Outputs.Count == 0)
        {
            problems.Add(new ModelProblem(true, "the graph has no outputs"));
        }

        new OnnxGraphValidator(model, problems).Check();
        return problems.Count <= MaxProblems ? problems : [.. problems.Take(MaxProblems), new ModelProblem(false, $"and {problems.Count - MaxProblems} more")];
    }

    /// <summary>Format version and operator sets.</summary>
    public static IReadOnlyList<ModelProblem> CheckVersions(OnnxModel model)
    {
        List<ModelProblem> problems = [];
        if (model.IrVersion is not (>= 1 and <= LargestVersion))
        {
            problems.Add(new ModelProblem(true, model.IrVersion is null ? "the file names no format version" : $"there is no format version {model.IrVersion}"));
        }
        else if (model.IrVersion > NewestIr)
        {
            problems.Add(new ModelProblem(false, $"format version {model.IrVersion} is newer than any known when this was written ({NewestIr})"));
        }

        // Format versions 1 and 2 had one operator set only and no field for it.
        if (model.Opsets.Count == 0 && model.IrVersion >= 3)
        {
            problems.Add(new ModelProblem(true, "the model imports no operator set"));
        }

        foreach (OnnxOpset opset in model.Opsets)
        {
            string domain = opset.Domain.Length == 0 ? "ai.onnx" : opset.Domain;
            if (opset.Version is < 1 or > LargestVersion)
            {
                problems.Add(new ModelProblem(true, $"there is no version {opset.Version} of operator set '{domain}'"));
            }
            else if (domain == "ai.onnx" && opset.Version > NewestOpset)
            {
                problems.Add(new ModelProblem(false, $"version {opset.Version} of operator set 'ai.onnx' is newer than any known when this was written ({NewestOpset})"));
            }
        }

        foreach (IGrouping<string, OnnxOpset> twice in model.Opsets.GroupBy(static opset => OnnxOpset.Normalize(opset.Domain)).Where(static group => group.Select(static opset => opset.Version).Distinct().Count() > 1))
        {
            problems.Add(new ModelProblem(true, $"operator set '{(twice.Key.Length == 0 ? "ai.onnx" : twice.Key)}' is imported in several versions"));
        }

        return problems;
    }

    private static IEnumerable<ModelProblem> CheckMetadata(OnnxModel model) => model.Metadata
        .GroupBy(static entry => entry.Key)
        .Where(static group => group.Count() > 1)
        .Select(static group => new ModelProblem(false, $"metadata '{group.Key}' is given more than once"));
}
