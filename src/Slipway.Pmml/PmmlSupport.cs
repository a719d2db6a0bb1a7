using Slipway.Formats.Abstractions;
using Slipway.Pmml.Compilation;
using Slipway.Pmml.Functions;
using Slipway.Pmml.Models.Mining;
using Slipway.Pmml.Predicates;
using Slipway.Pmml.Transformations;

namespace Slipway.Pmml;

/// <summary>What of PMML is evaluated, from the tables that the compilers look in.</summary>
internal static class PmmlSupport
{
    public static FormatSupport Value => new()
    {
        Serving = FormatServing.Native,
        Tested = ["PMML 3.1 to 4.4 as written by BigML, JPMML, KNIME, R (pmml, rattle), RapidMiner and the examples of the standard"],
        Groups =
        [
            SupportGroup.Of("model elements", ModelCompiler.Supported),
            SupportGroup.Of("segmentation methods", MiningPlan.Methods),
            SupportGroup.Of("expressions", ExpressionCompiler.Supported),
            SupportGroup.Of("predicates", PredicateCompiler.Supported),
            SupportGroup.Of("functions", FunctionTable.Names),
            SupportGroup.Of("output features", OutputCompiler.Supported),
        ],
        Limits =
        [
            "documents of up to 1 GiB, without a document type (DOCTYPE)",
            "tables outside the document (TableLocator) and the expressions Aggregate and Lag are refused by name",
        ],
    };
}
