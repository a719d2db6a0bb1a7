using Slipway.Core;

namespace Slipway.Pipelines.Expressions;

/// <summary>
/// Compiled rules: computes every definition for all rows, a block of rows at a time. It takes time in proportion to its rows and the steps of one row, which are bounded
/// when it is compiled. Immutable, thread-safe.
/// </summary>
internal sealed class RulesProgram
{
    private const int BlockRows = 256;

    // A second or so of one core; the request's own deadline is looked at all along.
    private const long MaxSteps = 1_000_000_000;

    private readonly List<RuleStep> _steps;
    private readonly int _slots;
    private readonly long _cost;

    private RulesProgram(List<RuleStep> steps, int slots, IReadOnlyList<TensorSignature> outputs)
    {
        (_steps, _slots, Outputs) = (steps, slots, outputs);
        _cost = Math.Max(1, steps.Sum(static step => step.Cost));
    }

    /// <summary>What it gives: <c>[-1]</c> tensors of INT64, FP64, BOOL or BYTES, in the order of their definitions.</summary>
    public IReadOnlyList<TensorSignature> Outputs { get; }

    /// <summary>Compiles definitions.</summary>
    /// <param name="definitions">The definitions.</param>
    /// <param name="find">The value that a name means; it refuses names that mean nothing.</param>
    /// <returns>Null while something in them is not known.</returns>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidConfiguration"/>, with line and column.</exception>
    public static RulesProgram? Compile(IReadOnlyList<Definition> definitions, Func<NameSyntax, Variable> find)
    {
        ExpressionCompiler compiler = new(find);
        List<RuleStep> steps = [];
        List<TensorSignature> outputs = [];
        HashSet<string> names = [];
        bool isKnown = true;
        foreach (Definition definition in definitions)
        {
            if (!names.Add(definition.Name))
            {
                throw ExpressionFailure.At(definition.At, $"'{definition.Name}' is defined twice");
            }

            Compiled compiled = compiler.Compile(definition.Value);
            int slot = compiler.Define(definition.Name, compiled.Kind);
            if (compiled.Node is null)
            {
                isKnown = false;
                continue;
            }

            steps.Add(RuleStep.Of(definition.Name, slot, compiled.Node, definition.IsOutput));
            if (definition.IsOutput)
            {
                outputs.Add(new TensorSignature(definition.Name, TypeOf(compiled.Kind), new TensorShape(-1)));
            }
        }

        return isKnown ? new RulesProgram(steps, compiler.Slots, outputs) : null;
    }

    /// <summary>Computes all outputs.</summary>
    /// <param name="inputs">The inputs, by the positions of the variables.</param>
    /// <param name="rows">How many rows there are.</param>
    /// <param name="writers">Make the tensors, one for each output.</param>
    /// <param name="cancellationToken">Looked at before every piece of work on a block.</param>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.InvalidRequest"/> when a row can't be computed.</exception>
    public void Run(IReadOnlyList<Tensor> inputs, long rows, IReadOnlyList<ColumnWriter> writers, CancellationToken cancellationToken)
    {
        if (rows > MaxSteps / _cost)
        {
            throw new SlipwayException(ErrorCode.PayloadTooLarge, $"{rows} rows would take more than {MaxSteps} steps: send at most {MaxSteps / _cost} rows at a time");
        }

        int size = (int)Math.Min(rows, BlockRows);
        Frame frame = new(inputs, _slots, size, cancellationToken);
        int[] all = [.. Enumerable.Range(0, size)];
        for (long start = 0; start < rows; start += size)
        {
            frame.ThrowIfOver();
            frame.Start = (int)start;
            ReadOnlySpan<int> block = all.AsSpan(0, (int)Math.Min(size, rows - start));
            int output = 0;
            foreach (RuleStep step in _steps)
            {
                step.Run(frame, block, step.IsOutput ? writers[output++] : null);
            }
        }
    }

    private static TensorDataType TypeOf(ValueKind kind) => kind switch
    {
        ValueKind.Integer => TensorDataType.Int64,
        ValueKind.Number => TensorDataType.Float64,
        ValueKind.Truth => TensorDataType.Bool,
        _ => TensorDataType.String,
    };
}
