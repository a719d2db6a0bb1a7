using System.Runtime.InteropServices;
using Slipway.Core;
using Slipway.Pipelines.Expressions;

namespace Slipway.Pipelines.Running;

/// <summary>A condition of rows. Immutable, thread-safe.</summary>
/// <param name="Program">Computes it.</param>
/// <param name="Inputs">Where what it reads comes from.</param>
/// <param name="Widths">How many values of each a row has, -1 when the request decides.</param>
internal sealed record Condition(RulesProgram Program, IReadOnlyList<int> Inputs, IReadOnlyList<long> Widths)
{
    /// <summary>Which of some rows it holds for: those, and the others.</summary>
    public (int[] Yes, int[] No) Divide(IReadOnlyList<Tensor> inputs, int[] rows, CancellationToken cancellationToken)
    {
        for (int i = 0; i < inputs.Count; i++)
        {
            RowTensors.Check(inputs[i], rows.Length, Widths[i]);
        }

        ColumnWriter writer = ColumnWriter.Of(Program.Outputs[0], static _ => { });
        Program.Run(inputs, rows.Length, [writer], cancellationToken);
        ReadOnlySpan<bool> truths = MemoryMarshal.Cast<byte, bool>(writer.Bytes);
        List<int> yes = [];
        List<int> no = [];
        for (int i = 0; i < rows.Length; i++)
        {
            (truths[i] ? yes : no).Add(rows[i]);
        }

        return ([.. yes], [.. no]);
    }
}
