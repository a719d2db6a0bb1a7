using Slipway.Core;
using Slipway.Pipelines.Definitions;
using Slipway.Pipelines.Running;

namespace Slipway.Pipelines.Binding;

/// <summary>Checks steps that ask models.</summary>
internal static class ModelBinder
{
    /// <summary>The step; null when it does not fit, which is noted, or when nobody knows the model.</summary>
    /// <param name="scope">What is known.</param>
    /// <param name="body">The step.</param>
    /// <param name="key">Key of the step.</param>
    /// <param name="read">The outputs that others read; null: the model's default ones.</param>
    public static ModelAction? Bind(BindScope scope, ModelBody body, string key, IReadOnlyCollection<string>? read)
    {
        if (Twice(body.Outputs.Select(static output => output.Name)) is { } own)
        {
            scope.Refuse($"{key}.outputs", $"there are two outputs '{own}'");
            return null;
        }

        if (Twice(body.Outputs.Select(static output => output.Of)) is { } asked)
        {
            scope.Refuse($"{key}.outputs", $"output '{asked}' of model '{body.Model}' is asked for twice: a 'rename' step gives a value several names");
            return null;
        }

        if (scope.FindModel(body.Model, body.Version, $"{key}.model") is not { } servable)
        {
            return null;
        }

        if (servable.BySignature(body.Signature) is not { } signed)
        {
            scope.Refuse($"{key}.signature", $"model '{body.Model}' has no signature '{body.Signature}'; it has {string.Join(", ", servable.Signatures.Keys)}");
            return null;
        }

        int faults = scope.Faults.Count;
        ModelSignature signature = signed.Signature;
        (string[] names, int[] positions) = BindInputs(scope, body, key, signature);
        List<(TensorSignature Type, string Of)>? outputs = BindOutputs(scope, body, key, signature, read);
        return outputs is null || scope.Faults.Count > faults || positions.Contains(-1) ? null : new ModelAction(body.Model, body.Version, body.Signature, names)
        {
            Inputs = positions,
            Outputs = [.. outputs.Select(static output => output.Type)],
            OutputNames = [.. outputs.Select(static output => output.Of)],
        };
    }

    private static (string[] Names, int[] Positions) BindInputs(BindScope scope, ModelBody body, string key, ModelSignature signature)
    {
        IReadOnlyList<TensorSignature> taken = FormOf(signature, body.Inputs.Keys);
        foreach (string name in body.Inputs.Keys.Where(name => !taken.Any(input => input.Name == name)))
        {
            scope.Refuse($"{key}.inputs.{name}", $"model '{body.Model}' has no input '{name}'; it has {Describe(taken)}");
        }

        List<string> names = [];
        List<int> positions = [];
        foreach (TensorSignature input in taken)
        {
            if (!body.Inputs.TryGetValue(input.Name, out string? reference))
            {
                if (!input.IsOptional)
                {
                    scope.Refuse($"{key}.inputs", $"input '{input.Name}' of model '{body.Model}' is given nothing; it takes {Describe(taken)}");
                }

                continue;
            }

            BoundValue? value = scope.Resolve(reference, $"{key}.inputs.{input.Name}");
            if (value is not null && TypeFit.Problem(value.Type, input) is { } problem)
            {
                scope.Refuse($"{key}.inputs.{input.Name}", problem);
            }

            names.Add(input.Name);
            positions.Add(value?.Position ?? -1);
        }

        return ([.. names], [.. positions]);
    }

    // Tabular models take their rows as a matrix or as columns, whichever is written.
    private static IReadOnlyList<TensorSignature> FormOf(ModelSignature signature, IEnumerable<string> given)
    {
        string[] names = [.. given];
        if (names.All(name => signature.IndexOfInput(name) >= 0))
        {
            return signature.Inputs;
        }

        if (signature.Columns is { } columns && names.All(name => columns.IndexOfInput(name) >= 0))
        {
            return columns.Inputs;
        }

        return signature.Matrix is { } matrix && names is [var only] && only == matrix.Name ? [matrix] : signature.Inputs;
    }

    private static List<(TensorSignature Type, string Of)>? BindOutputs(BindScope scope, ModelBody body, string key, ModelSignature signature, IReadOnlyCollection<string>? read)
    {
        // Whoever reads an output that there is not is told so where it says it.
        bool areRead = read is { Count: > 0 } && read.All(name => signature.IndexOfOutput(name) >= 0);
        IEnumerable<string> asked = areRead ? read! : Default(signature);
        IReadOnlyList<ModelOutput> wanted = body.Outputs.Count > 0 ? body.Outputs : [.. asked.Select(static name => new ModelOutput(name, name))];
        List<(TensorSignature Type, string Of)> outputs = [];
        foreach ((string name, string of) in wanted)
        {
            if (signature.IndexOfOutput(of) is >= 0 and var position)
            {
                outputs.Add((signature.Outputs[position] with { Name = name }, of));
            }
            else
            {
                scope.Refuse(body.Outputs.Count > 0 ? $"{key}.outputs" : key, $"model '{body.Model}' has no output '{of}'; it has {Describe(signature.Outputs)}");
            }
        }

        return outputs.Count == wanted.Count ? outputs : null;
    }

    private static string? Twice(IEnumerable<string> names) => names.GroupBy(static name => name, StringComparer.Ordinal).FirstOrDefault(static group => group.Skip(1).Any())?.Key;

    private static IReadOnlyList<string> Default(ModelSignature signature) => ModelMetadata.DefaultOutputs(signature.Metadata) is { Count: > 0 } named
        ? named
        : [.. signature.Outputs.Select(static output => output.Name)];

    private static string Describe(IReadOnlyList<TensorSignature> tensors) => string.Join(", ", tensors.Take(20).Select(static tensor => $"'{tensor.Name}' ({TypeFit.Describe(tensor)})"));
}
