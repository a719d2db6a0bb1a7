using System.Globalization;
using Slipway.Core;
using Slipway.Pipelines.Definitions;

namespace Slipway.Pipelines.Binding;

/// <summary>Faults in names, counts and limits. Pure.</summary>
internal static class PipelineNames
{
    private const int MaxName = 128;
    private const int MaxSteps = 256;
    private const int MaxTensors = 1024;
    private const int MaxAttempts = 10;

    /// <summary>Every fault.</summary>
    public static IEnumerable<PipelineFault> Find(PipelineDefinition pipeline)
    {
        if (pipeline.Name.Length is 0 or > MaxName || !pipeline.Name.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' or '.'))
        {
            yield return new("", $"'{pipeline.Name}' is no name: letters, digits, '_', '-' and '.' are expected, at most {MaxName}");
        }

        if (pipeline.Inputs.Count is 0 or > MaxTensors)
        {
            yield return new("inputs", $"1 to {MaxTensors} inputs are expected");
        }

        if (pipeline.Outputs.Count is 0 or > MaxTensors)
        {
            yield return new("outputs", $"1 to {MaxTensors} outputs are expected");
        }

        if (pipeline.Steps.Count is 0 or > MaxSteps)
        {
            yield return new("steps", $"1 to {MaxSteps} steps are expected");
        }

        foreach (TensorSignature input in pipeline.Inputs)
        {
            if (input.Name.Length is 0 or > MaxName)
            {
                yield return new("inputs", $"a name of at most {MaxName} letters is expected");
            }

            if (!input.IsRankUnknown && input.Shape.Rank > 1 && input.Shape.Dimensions[1..].ContainsAnyInRange(long.MinValue, -2))
            {
                yield return new($"inputs.{input.Name}", "sizes of 0 or more are expected, or -1 for any");
            }
        }

        foreach (string twice in Twice(pipeline.Inputs.Select(static input => input.Name)))
        {
            yield return new($"inputs.{twice}", "there are two inputs of this name");
        }

        foreach (string twice in Twice(pipeline.Outputs.Select(static output => output.Name)))
        {
            yield return new($"outputs.{twice}", "there are two outputs of this name");
        }

        HashSet<string> names = [.. pipeline.Inputs.Select(static input => input.Name)];
        foreach (StepDefinition step in pipeline.Steps)
        {
            string key = $"steps.{step.Name}";
            if (!IsStepName(step.Name))
            {
                yield return new(key, $"a step's name begins with a letter or '_' and goes on with letters, digits and '_', at most {MaxName}");
            }
            else if (!names.Add(step.Name))
            {
                yield return new(key, "an input or another step has this name");
            }

            if (step.Attempts is < 1 or > MaxAttempts)
            {
                yield return new($"{key}.retry.attempts", $"1 to {MaxAttempts} are expected");
            }

            if (step.Timeout > pipeline.Timeout)
            {
                yield return new($"{key}.timeout", $"no more than the whole pipeline may take is expected: {Shown(pipeline.Timeout)}, not {Shown(step.Timeout)}");
            }

            if (step.Attempts > 1 && step.RetryDelay >= pipeline.Timeout)
            {
                yield return new($"{key}.retry.delay", $"less than the whole pipeline may take is expected: {Shown(pipeline.Timeout)}, not {Shown(step.RetryDelay)}");
            }
        }
    }

    private static string Shown(TimeSpan? duration) => string.Create(CultureInfo.InvariantCulture, $"{duration.GetValueOrDefault().TotalMilliseconds:0.###}ms");

    private static bool IsStepName(string name) => name.Length is > 0 and <= MaxName && !char.IsAsciiDigit(name[0])
        && name.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter == '_');

    private static IEnumerable<string> Twice(IEnumerable<string> names) => names.GroupBy(static name => name, StringComparer.Ordinal).Where(static group => group.Skip(1).Any()).Select(static group => group.Key);
}
