using System.Runtime.InteropServices;
using Slipway.Core;
using Slipway.Pipelines.Expressions;
using Slipway.TestKit.Fakes;

namespace Slipway.Pipelines.Tests.Expressions;

/// <summary>Compiles and runs rules over columns.</summary>
internal static class ProgramRunner
{
    public static RulesProgram Compile(string rules, IReadOnlyList<Tensor> columns) => RulesProgram.Compile(Parser.ReadRules(rules), name => Find(name, columns))!;

    /// <summary>The values of the only output, whatever their kind.</summary>
    public static object[] Run(string rules, params IReadOnlyList<Tensor> columns)
    {
        RulesProgram program = Compile(rules, columns);
        long rows = columns.Count > 0 ? columns[0].Shape[0] : 1;
        ColumnWriter[] writers = [.. program.Outputs.Select(static output => ColumnWriter.Of(output, static _ => { }))];
        program.Run(columns, rows, writers, CancellationToken.None);
        byte[] bytes = writers[0].Bytes.ToArray();
        return program.Outputs[0].DataType switch
        {
            TensorDataType.Int64 => [.. MemoryMarshal.Cast<byte, long>(bytes).ToArray().Cast<object>()],
            TensorDataType.Float64 => [.. MemoryMarshal.Cast<byte, double>(bytes).ToArray().Cast<object>()],
            TensorDataType.Bool => [.. bytes.Select(static value => (object)(value != 0))],
            _ => [.. new Tensor("t", TensorDataType.String, new TensorShape(rows), bytes).Texts()],
        };
    }

    private static Variable Find(NameSyntax name, IReadOnlyList<Tensor> columns)
    {
        for (int i = 0; i < columns.Count; i++)
        {
            if (columns[i].Name == name.Path)
            {
                return new Variable(i, columns[i].DataType, columns[i].Shape.Rank > 1 ? columns[i].Shape[1] : 0);
            }
        }

        throw ExpressionFailure.At(name.At, $"no '{name.Path}'");
    }
}
